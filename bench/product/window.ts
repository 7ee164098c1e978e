import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src/shared/contract/contract.ts';
import { unwrap } from '../../src/main/hosts/problem-error.ts';
import { startEngineThread } from '../../src/main/hosts/web/engine-thread.ts';
import { startWatch, taskText, tell } from '../child.ts';

/** A whole sync as the web host runs it, seen from the process that serves the window. */
export interface WindowTask {
  readonly dir: string;
}

const LOOKS_EVERY_MS = 100;

const task = JSON.parse(taskText()) as WindowTask;
const engine = startEngineThread({ workspaceDir: task.dir }, 'bench');
unwrap(await engine.opened);
const { port1, port2 } = new MessageChannel();
engine.connect(port2);
const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: port1 }));
port1.start();

const delay = monitorEventLoopDelay({ resolution: 2 });
delay.enable();
const stopTurns = watchTurns();
const watch = startWatch();
await client.sync.start({ approve: 'safe' });
const answers: number[] = [];
let endedAt: number | null = null;
while (endedAt === null) {
  const askedAt = performance.now();
  await client.overview.get();
  answers.push(performance.now() - askedAt);
  const { rows } = await client.runs.list({ offset: 0, limit: 1 });
  endedAt = rows[0]?.endedAt ?? null;
  await wait(LOOKS_EVERY_MS);
}
const passed = watch();
delay.disable();
const longest = stopTurns();
port1.close();
await engine.close();
const sorted = answers.toSorted((a, b) => a - b);
tell({
  ...passed,
  requests: 0,
  detail: {
    delayP99Ms: delay.percentile(99) / 1e6,
    delayMaxMs: delay.max / 1e6,
    delayMaxOwnMs: longest.ownMs,
    answerP99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    answerMaxMs: sorted.at(-1) ?? 0,
  },
});

/** What the longest wait of the loop was made of: what its thread worked meanwhile, beside what it waited for the processor. */
interface Turn {
  readonly ms: number;
  readonly ownMs: number;
}

/** Watches how late a timer of 2 ms comes; the function given back tells of the turn in which this thread itself worked longest. */
function watchTurns(): () => Turn {
  let most: Turn = { ms: 0, ownMs: 0 };
  let [at, worked] = [performance.now(), threadMs()];
  const timer = setInterval(() => {
    const [now, done] = [performance.now(), threadMs()];
    if (done - worked > most.ownMs) most = { ms: now - at, ownMs: done - worked };
    [at, worked] = [now, done];
  }, 2);
  return () => {
    clearInterval(timer);
    return most;
  };
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
