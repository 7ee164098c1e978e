import { InvalidArgumentError, Option } from 'commander';
import type { DecisionOutcome } from '../../../shared/contract/views.ts';
import { CHANGE_OPS, MISMATCH_KINDS, TAKES } from '../../../shared/domain.ts';
import type { ChangeOp, Flow, MismatchKind, Take } from '../../../shared/domain.ts';
import type { AppService } from '../../app/app-service.ts';
import type { ReviewQuery } from '../../app/requests.ts';
import { ProblemError, unwrap } from '../problem-error.ts';
import { badInput, flowOption, limitOption, wholeNumber, withService } from './command.ts';
import type { Call, CommonOptions, Declare } from './command.ts';
import { EXIT, waitsOrDone } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { changeText, mismatchText } from './item-detail.ts';
import { changeItem, decide, gather, mismatchItem, waitsForPerson, withCandidates } from './review-items.ts';
import type { Item } from './review-items.ts';
import { declarePortable } from './portable.ts';
import { table } from './table.ts';

export interface ItemId {
  readonly of: 'change' | 'mismatch';
  readonly id: number;
}
export interface Taking {
  readonly take: Take;
  readonly linkTo?: string;
}
export interface ReviewOptions extends CommonOptions {
  readonly item?: ItemId;
  readonly flow?: Flow;
  readonly kind?: ChangeOp | MismatchKind;
  readonly all?: boolean;
  readonly take?: Taking;
  readonly group?: string;
  readonly confirmCount?: number;
  readonly limit: number;
}

/** review: lists what is open, or decides it. Works without either system. */
export const declareReview: Declare = (program, define) => {
  const review = program.command('review');
  declarePortable(review, define);
  define(
    review
      .description('list the open items, or decide them with --take')
      .addOption(
        new Option('--item <id>', 'one item: change:12 or mismatch:7')
          .argParser(itemId)
          .conflicts(['all', 'flow', 'kind']),
      )
      .addOption(flowOption())
      .addOption(new Option('--kind <kind>', 'only this kind').choices([...CHANGE_OPS, ...MISMATCH_KINDS]))
      .option('--all', 'every open item')
      .addOption(
        new Option(
          '--take <decision>',
          `one of ${TAKES.join(', ')}; link alone takes the only candidate, link:ID names the record`,
        ).argParser(taking),
      )
      .option('--group <group>', 'only this group of properties of the item')
      .addOption(
        new Option('--confirm-count <n>', 'the number of items that the decision covers').argParser(wholeNumber(0)),
      )
      .addOption(limitOption()),
    (call, options: ReviewOptions) =>
      options.take === undefined ? list(call, options) : take(call, options, options.take),
  );
};

export function itemId(text: string): ItemId {
  const [, of, id] = /^(change|mismatch):(\d{1,15})$/.exec(text) ?? [];
  if (of === undefined || id === undefined) throw new InvalidArgumentError('An item is change:12 or mismatch:7.');
  return { of: of === 'change' ? 'change' : 'mismatch', id: Number(id) };
}

export function taking(text: string): Taking {
  const [word = '', ...rest] = text.split(':');
  const linkTo = rest.join(':');
  const found = TAKES.find((known) => known === word);
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${TAKES.join(', ')}.`);
  if (found === 'link' && linkTo !== '') return { take: found, linkTo };
  if (rest.length > 0) throw new InvalidArgumentError('Only link takes an id: link:ID.');
  return { take: found };
}

function list(call: Call, options: ReviewOptions): Promise<ExitCode> {
  const { item, limit } = options;
  return withService(call, async (service) => {
    if (item !== undefined) return showOne(call, service, item);
    const items = await gather(service, options);
    const shown = await withCandidates(service, items.slice(0, limit));
    call.answer({ total: items.length, items: shown }, () => itemsText(items.length, shown));
    return items.some(waitsForPerson) ? EXIT.waits : EXIT.done;
  });
}

/** One item with everything that a person decides on. */
async function showOne(call: Call, service: AppService, { of, id }: ItemId): Promise<ExitCode> {
  const answer = (item: Item, whole: object, text: () => string): ExitCode => {
    call.answer({ total: 1, items: [{ ...item, ...whole }] }, text);
    return waitsForPerson(item) ? EXIT.waits : EXIT.done;
  };
  if (of === 'change') {
    const change = unwrap(await service.change(id));
    return answer(changeItem(change), { groupViews: change.groupViews, waitsFor: change.waitsFor }, () =>
      changeText(change),
    );
  }
  const mismatch = unwrap(await service.mismatch(id));
  const { properties, candidates } = mismatch;
  return answer(mismatchItem(mismatch, candidates), { properties, candidates }, () => mismatchText(mismatch));
}

async function oneItem(service: AppService, { of, id }: ItemId): Promise<Item> {
  if (of === 'change') return changeItem(unwrap(await service.change(id)));
  return mismatchItem(unwrap(await service.mismatch(id)));
}

const itemsText = (total: number, items: readonly Item[]): string =>
  `${table<Item>(
    [
      { head: 'Item', cell: (item) => item.item },
      { head: 'Flow', cell: (item) => item.flow },
      { head: 'Kind', cell: (item) => item.kind },
      { head: 'Record', cell: (item) => item.label },
      { head: 'Customerp', cell: (item) => item.customerpId ?? '' },
      { head: 'Tidsbanken', cell: (item) => item.tidsbankenId ?? '' },
      { head: 'State', cell: (item) => item.state },
      { head: 'Ways out', cell: (item) => item.takes.join(' ') },
      { head: 'What', cell: (item) => item.summary, whole: true },
    ],
    items,
  )}\n${String(total)} open${items.length < total ? `, ${String(items.length)} shown` : ''}.`;

function take(call: Call, options: ReviewOptions, taken: Taking): Promise<ExitCode> {
  const { item, flow, kind, all } = options;
  if (item === undefined && flow === undefined && kind === undefined && all !== true)
    throw new ProblemError(
      badInput('--take needs to know what it decides.', 'Add --item ID, --flow, --kind or --all.'),
    );
  if (taken.linkTo !== undefined && item === undefined)
    throw new ProblemError(
      badInput('link:ID decides one item.', 'Name it with --item, or take link alone where there is one candidate.'),
    );
  if (options.group !== undefined && item === undefined)
    throw new ProblemError(badInput('--group decides a part of one item.', 'Name the item with --item.'));
  return withService(call, async (service) => {
    const outcome =
      item === undefined ? await takeMany(service, options, taken) : await takeOne(service, options, taken, item);
    const overview = await service.overview();
    call.answer(outcome, () => `${String(outcome.decided)} decided, ${String(outcome.refused.length)} refused.`);
    for (const { itemId: id, why } of outcome.refused) call.terminal.say(`${id}: ${why}`);
    return outcome.refused.length > 0 ? EXIT.failed : waitsOrDone(overview);
  });
}

type Outcome = Readonly<ReturnType<typeof DecisionOutcome.parse>>;

async function takeOne(
  service: AppService,
  { group }: ReviewOptions,
  taken: Taking,
  { of, id }: ItemId,
): Promise<Outcome> {
  const found = await oneItem(service, { of, id });
  return decide(service, [found], taken, group);
}

/**
 * Where a rail holds some of the items, their number must be typed (S1, V3): so many rows have been seen. The service
 * compares it with what it finds; between the two, nothing can slip in unseen.
 */
async function takeMany(service: AppService, options: ReviewOptions, taken: Taking): Promise<Outcome> {
  const items = (await gather(service, options)).filter((item) => item.takes.includes(taken.take));
  const { confirmCount } = options;
  if (confirmCount !== undefined && confirmCount !== items.length) throw new ProblemError(countDiffers(items.length));
  const { take: word } = taken;
  const changes = items.filter((item) => item.of === 'change');
  if (changes.length === 0 || (word !== 'approve' && word !== 'reject')) return decide(service, items, taken);
  const query = queryOf(options, word);
  const summary = await service.bulkSummary(query);
  if (summary.rails.length > 0 && confirmCount === undefined)
    throw new ProblemError(railHolds(summary.rails, items.length));
  const bulk = unwrap(await service.decideAllChanges(query, word, changes.length));
  const rest = await decide(
    service,
    items.filter((item) => item.of === 'mismatch'),
    taken,
  );
  return { decided: bulk.decided + rest.decided, refused: [...bulk.refused, ...rest.refused] };
}

/** Approving covers what waits; rejecting may take back what was approved as well. */
const queryOf = ({ flow, kind }: ReviewOptions, word: 'approve' | 'reject'): ReviewQuery => ({
  flow,
  op: CHANGE_OPS.find((op) => op === kind),
  show: word === 'approve' ? 'waiting' : 'open',
});

const countDiffers = (count: number) => ({
  kind: 'countDiffers',
  what: `This decision covers ${String(count)} items.`,
  notDone: 'Nothing was decided.',
  todo: 'List them with the same filter and without --take, then give their number with --confirm-count.',
});

const railHolds = (rails: readonly string[], count: number) => ({
  kind: 'rail',
  what: `A safety rail holds some of these ${String(count)} items (${rails.join(', ')}).`,
  notDone: 'Nothing was decided.',
  todo: `Look at them, then repeat with --confirm-count ${String(count)}.`,
});
