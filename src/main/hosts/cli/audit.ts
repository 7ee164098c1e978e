import { problemText } from '../../../shared/domain.ts';
import type { Flow } from '../../../shared/domain.ts';
import type { AuditFinding, AuditReport, FlowAudit } from '../../app/health/audit.ts';
import { unwrap } from '../problem-error.ts';
import { flowOption, limitOption, withService } from './command.ts';
import type { CommonOptions, Declare } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { table } from './table.ts';

interface AuditCliOptions extends CommonOptions {
  readonly flow?: Flow;
  readonly limit: number;
}

/** audit: both systems read in full, every linked pair equal or listed. */
export const declareAudit: Declare = (program, define) => {
  define(
    program
      .command('audit')
      .description('read both systems in full and compare every linked pair; writes nothing')
      .addOption(flowOption())
      .addOption(limitOption()),
    (call, { flow, limit }: AuditCliOptions) =>
      withService(call, async (service) => {
        const report = unwrap(await service.audit({ flows: flow === undefined ? undefined : [flow], limit }));
        call.answer(report, () => auditText(report));
        for (const { problem } of report.flows) if (problem !== null) call.terminal.say(problemText(problem));
        return exitOfAudit(report);
      }),
  );
};

/** What could not be read is not known to be equal: that is not done. */
export function exitOfAudit(report: Pick<AuditReport, 'ok' | 'flows'>): ExitCode {
  if (report.flows.some(({ problem }) => problem !== null)) return EXIT.failed;
  return report.ok ? EXIT.done : EXIT.waits;
}

function auditText({ flows, findings }: AuditReport): string {
  const found = flows.reduce((n, f) => n + f.different + f.missing + f.notCompared + f.duplicates, 0);
  const rest = found - findings.length;
  return [
    flowTable(flows),
    ...(findings.length === 0 ? [] : ['', findingTable(findings)]),
    ...(rest === 0 ? [] : [`${String(rest)} more; --limit shows them.`]),
  ].join('\n');
}

const flowTable = (flows: readonly FlowAudit[]): string =>
  table<FlowAudit>(
    [
      { head: 'Flow', cell: ({ flow }) => flow },
      { head: 'Read C', cell: ({ read }) => read.customerp },
      { head: 'Read T', cell: ({ read }) => read.tidsbanken },
      { head: 'Links', cell: ({ links }) => links },
      { head: 'Equal', cell: ({ equal }) => equal },
      { head: 'Accepted', cell: ({ accepted }) => accepted },
      { head: 'Different', cell: ({ different }) => different },
      { head: 'Missing', cell: ({ missing }) => missing },
      { head: 'Not compared', cell: ({ notCompared }) => notCompared },
      { head: 'Duplicates', cell: ({ duplicates }) => duplicates },
    ],
    flows,
  );

const findingTable = (findings: readonly AuditFinding[]): string =>
  table<AuditFinding>(
    [
      { head: 'Flow', cell: ({ flow }) => flow },
      { head: 'Finding', cell: ({ finding }) => finding },
      { head: 'Record', cell: (f) => (f.finding === 'duplicate' ? f.side : f.label) },
      {
        head: 'Ids',
        cell: (f) => (f.finding === 'duplicate' ? f.nativeIds.join(' ') : `${f.customerpId} ${f.tidsbankenId}`),
      },
      { head: 'What', cell: whatOf },
    ],
    findings,
  );

function whatOf(found: AuditFinding): string {
  switch (found.finding) {
    case 'different':
      return found.properties
        .map(({ property, customerp, tidsbanken }) => `${property}: ${customerp ?? '–'} | ${tidsbanken ?? '–'}`)
        .join(', ');
    case 'missing':
      return `not in ${found.missingIn.join(', ')}`;
    case 'notCompared':
      return found.groups.join(', ');
    case 'duplicate':
      return found.key;
  }
}
