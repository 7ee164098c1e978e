import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** A window asks, is answered: tells whether Node has loaded its own fetch by then. */
const ANSWER = `
  import { MessageChannel } from 'node:worker_threads';
  import { answering } from './answering.ts';
  import { answerablePort, withoutForms } from './without-fetch.ts';
  const [how] = process.argv.slice(1);
  if (how === 'without') withoutForms();
  const service = { journal: async () => ({ total: 0, rows: [] }) };
  const { port1, port2 } = new MessageChannel();
  answering(() => service, console)(how === 'without' ? answerablePort(port2) : port2);
  port1.once('message', (text) => {
    console.log(JSON.stringify({
      isAnswered: text.includes('"total":0'),
      hasLoaded: process.moduleLoadList.some((name) => name.endsWith('undici/undici')),
    }));
    port1.close();
  });
  port1.postMessage('{"i":"1","p":{"u":"/runs/journal","b":{"json":{}}}}');
`;

const answered = (how: 'with' | 'without'): unknown =>
  JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', ANSWER, how], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    }),
  );

it('an engine answers a window without Node’s own fetch, which would be loaded otherwise', () => {
  expect(answered('without')).toEqual({ isAnswered: true, hasLoaded: false });
  expect(answered('with')).toEqual({ isAnswered: true, hasLoaded: true });
});
