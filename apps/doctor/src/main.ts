// `npm run doctor`: says what is wrong with an installation, or with a running server, and how to fix it.
import type { NamedFinding } from './check.js';
import { readInstallation } from './config.js';
import { examine } from './doctor.js';
import { type Options, readOptions, USAGE, UsageError } from './options.js';
import { countsOf, linesOf, safe, summary } from './report.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    say(USAGE);
    return 0;
  }
  const findings = await report(options);
  const counts = countsOf(findings);
  if (options.json) say(JSON.stringify({ ok: counts.fail === 0, counts, findings }, null, 2));
  else say(summary(counts));
  return counts.fail > 0 ? 1 : 0;
}

async function report(options: Options): Promise<readonly NamedFinding[]> {
  const findings: NamedFinding[] = [];
  const installation = readInstallation();
  const secrets = [...installation.secrets, ...Object.values(options.headers)];
  for await (const found of examine(options, () => installation)) {
    const finding = safe(found, secrets);
    findings.push(finding);
    if (!options.json) say(linesOf(finding, process.stdout.isTTY));
  }
  return findings;
}

async function exitCode(): Promise<number> {
  try {
    return await main();
  } catch (error) {
    const isUsage = error instanceof UsageError;
    process.stderr.write(isUsage ? `${error.message}\n\n${USAGE}\n` : `${(error as Error).stack}\n`);
    return isUsage ? 2 : 1;
  }
}

/** What stdout was given before has left by then, to a pipe as well. */
const flushed = (): Promise<void> => new Promise((resolve) => process.stdout.write('', () => resolve()));

// As in a worker, which logs them and goes on: the operator's modules are loaded here as they are there.
process.on('unhandledRejection', () => undefined);
const code = await exitCode();
await flushed();
// A module that was loaded may hold the process open: with a timer, or a connection.
process.exit(code);
