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
  refused_one: '{{system}} refused {{shown}} request because there were too many.',
  refused_other: '{{system}} refused {{shown}} requests because there were too many.',
};
