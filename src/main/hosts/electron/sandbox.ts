import { utilityProcess } from 'electron';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { readUrls, sandboxEntry, sandboxFailed } from '../sandbox-process.ts';
import type { SandboxUrls } from '../sandbox-process.ts';

/** Both simulated systems in a utility process, which ends with the app. Node children are fused off in the product. */
export async function forkSandbox(args: readonly string[]): Promise<Result<SandboxUrls, Problem>> {
  const child = utilityProcess.fork(sandboxEntry(), [...args], { stdio: 'pipe', serviceName: 'Tidsbro sandbox' });
  const gone = new Promise<null>((resolve) => child.once('exit', () => resolve(null)));
  const { stdout } = child;
  const urls = stdout === null ? null : await Promise.race([readUrls(stdout), gone]);
  return urls === null ? fail(sandboxFailed('it ended before it was ready')) : ok(urls);
}
