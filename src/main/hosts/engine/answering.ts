import { implement, onError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { contract } from '../../../shared/contract/contract.ts';
import type { SetupState } from '../../../shared/contract/setup.ts';
import type { AppService } from '../../app/app-service.ts';
import { router } from '../../app/router.ts';
import type { SetupDesk } from '../../app/setup/setup-desk.ts';
import { setupRouter } from '../../app/setup/setup-router.ts';
import type { Log } from '../../log/log.ts';
import { logFailures } from './log-failures.ts';

export type AnswerablePort = Parameters<RPCHandler<{ readonly service: AppService }>['upgrade']>[0] & {
  start(): void;
};

/** Answers the first start on message ports: nothing else can be asked before a workspace is open. */
export function answeringSetup(setup: SetupDesk, log: Log): (port: AnswerablePort) => void {
  const handler = new RPCHandler(setupRouter, { interceptors: [onError(logFailures(log))] });
  return (port) => {
    handler.upgrade(port, { context: { setup } });
    port.start();
  };
}

const os = implement({ setup: { state: contract.setup.state } }).$context<{ readonly state: () => SetupState }>();
const stateRouter = os.router({
  setup: { state: os.setup.state.handler(({ context }) => context.state()) },
});

/**
 * Answers how far the upgrade of a store is, or why the workspace was refused: nothing else can be asked before a workspace
 * is open.
 */
export function answeringState(state: () => SetupState, log: Log): (port: AnswerablePort) => void {
  const handler = new RPCHandler(stateRouter, { interceptors: [onError(logFailures(log))] });
  return (port) => {
    handler.upgrade(port, { context: { state } });
    port.start();
  };
}

/**
 * Answers the contract on message ports, each call checked by its schema.
 * @param service asked for at each call: while a store is checked another one answers than afterwards
 */
export function answering(service: () => AppService, log: Log): (port: AnswerablePort) => void {
  const handler = new RPCHandler(router, { interceptors: [onError(logFailures(log))] });
  const context = {
    get service() {
      return service();
    },
  };
  return (port) => {
    handler.upgrade(port, { context });
    port.start();
  };
}
