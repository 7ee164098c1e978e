import { Argument } from 'commander';
import { DIRECTIONS, FLOWS, SIDES } from '../../../shared/domain.ts';
import type { Direction, Flow, Side } from '../../../shared/domain.ts';
import { unwrap } from '../problem-error.ts';
import { withService } from './command.ts';
import type { Call, CommonOptions, Declare } from './command.ts';

interface NeverLinkOptions extends CommonOptions {
  readonly off?: boolean;
}

const flowArgument = (): Argument => new Argument('<flow>', 'the flow').choices(FLOWS);
const ID = 'id of the record on either side';

/** link, relink, unlink, pause, resume, direction, never-link: the controls of one pair or record. */
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
      .command('relink')
      .description('link two records, ending the link that one of them has to another')
      .addArgument(flowArgument())
      .argument('<customerp-id>', 'id in Customerp')
      .argument('<tidsbanken-id>', 'id in Tidsbanken'),
    (call, _options: CommonOptions, flow: Flow, customerpId: string, tidsbankenId: string) =>
      withService(call, async (service) => {
        const { linkId } = unwrap(await service.relink(flow, customerpId, tidsbankenId));
        call.answer({ link: linkId }, () => `Linked anew: ${customerpId} and ${tidsbankenId}.`);
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
  define(
    program
      .command('direction')
      .description('narrow the direction of one pair; it never widens that of a property')
      .addArgument(flowArgument())
      .argument('<id>', ID)
      .addArgument(new Argument('<direction>', 'which way values may flow').choices(DIRECTIONS)),
    (call, _options: CommonOptions, flow: Flow, id: string, direction: Direction) =>
      turn(call, flow, id, direction, `Direction of ${id}: ${direction}.`),
  );
  define(
    program
      .command('never-link')
      .description('never ask about a record without a link again')
      .addArgument(flowArgument())
      .addArgument(new Argument('<side>', 'its system').choices(SIDES))
      .argument('<id>', 'id of the record there')
      .option('--off', 'ask about it again'),
    (call, { off }: NeverLinkOptions, flow: Flow, side: Side, id: string) =>
      withService(call, async (service) => {
        const { aside } = unwrap(await service.setAside(flow, side, id, off !== true));
        call.answer({ aside }, () => (aside ? `Set aside: ${id}.` : `Taken up again: ${id}.`));
      }),
  );
};

function turn(call: Call, flow: Flow, id: string, direction: Direction, text: string): Promise<void> {
  return withService(call, async (service) => {
    const { linkId } = unwrap(await service.findLink(flow, id));
    unwrap(await service.setDirection(linkId, direction));
    call.answer({ link: linkId, direction }, () => text);
  });
}
