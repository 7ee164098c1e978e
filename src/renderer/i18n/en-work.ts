/** What a run took. */
export const enWork = {
  title: 'What it took',
  lead: 'Per stage: time, requests, what was received, and how long requests waited for a system’s limits.',
  stage: 'Stage',
  time: 'Time',
  requests: 'Requests',
  data: 'Received',
  waited: 'Waited',
  statements: 'Store calls',
  refused: '{{system}} refused {{count}} requests because there were too many.',
};
