import { Argument } from 'commander';
import { FLOWS } from '../../../shared/domain.ts';
import type { Direction, Flow } from '../../../shared/domain.ts';
import { unwrap } from '../problem-error.ts';
import { withService } from './command.ts';
import type { Call, CommonOptions, Declare } from './command.ts';

const flowArgument = (): Argument => new Argument('<flow>', 'the flow').choices(FLOWS);
const ID = 'id of the record on either side';

/** link, unlink, pause, resume: the controls of one pair. */
export const declareLinks: Declare = (program, define) => {
  define(
    program
      .command('link')
      .description('link two records that belong together')
      .addArgument(flowArgument())
      .argument('<customerp-id>', 'id in Customerp')
      .argument('<tidsbanken-id>', 'id in Tidsbanken'),
    (call, _options: CommonOptions, flow: Flow, customerpId: string, tidsbankenId: string) =>
      withService(call, async (service) => {
        const { linkId } = unwrap(await service.link(flow, customerpId, tidsbankenId));
        call.answer({ link: linkId }, () => `Linked: ${customerpId} and ${tidsbankenId}.`);
      }),
  );
  define(
    program
      .command('unlink')
      .description('end a link; neither record is changed')
      .addArgument(flowArgument())
      .argument('<id>', ID),
    (call, _options: CommonOptions, flow: Flow, id: string) =>
      withService(call, async (service) => {
        const { linkId } = unwrap(await service.findLink(flow, id));
        unwrap(await service.unlink(linkId));
        call.answer({ link: linkId }, () => `Unlinked: ${id}.`);
      }),
  );
  define(
    program
      .command('pause')
      .description('leave one pair alone until it is resumed')
      .addArgument(flowArgument())
      .argument('<id>', ID),
    (call, _options: CommonOptions, flow: Flow, id: string) => turn(call, flow, id, 'off', `Paused: ${id}.`),
  );
  define(
    program
      .command('resume')
      .description('synchronise a paused pair again')
      .addArgument(flowArgument())
      .argument('<id>', ID),
    (call, _options: CommonOptions, flow: Flow, id: string) => turn(call, flow, id, 'both', `Resumed: ${id}.`),
  );
};

function turn(call: Call, flow: Flow, id: string, direction: Direction, text: string): Promise<void> {
  return withService(call, async (service) => {
    const { linkId } = unwrap(await service.findLink(flow, id));
    unwrap(await service.setDirection(linkId, direction));
    call.answer({ link: linkId, direction }, () => text);
  });
}
