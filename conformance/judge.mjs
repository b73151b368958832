// Judges what the suite left behind. Its own exit code cannot tell a scenario that passed from one that never ran.
//
//   node judge.mjs <webmvc|webflux> <output of the suite's "list"> <folder of results>
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PASSED = 'SUCCESS';
const SKIPPED = 'SKIPPED';
/** A warning is a requirement of the "should" kind that was not met; the suite's own baselines count it as failed too. */
const FAILED = ['FAILURE', 'WARNING'];

/** Says nothing about the scenario itself: the suite adds it to all that exchanged a message. */
const WIRE_CHECK = 'wire-schema-valid';

/**
 * @param scenarios names of all scenarios there are for this version of the specification
 * @param results pairs of a scenario's name and its checks; null where the scenario broke off
 * @param expected entries of expected.json that hold for this stack
 * @returns counts, known: what was expected and happened, problems: why the run fails
 */
export function judge(scenarios, results, expected) {
  const counts = { scenarios: 0, passed: 0, failed: 0, skipped: 0 };
  const known = [];
  const problems = [];
  const unused = { failed: new Set(expected.failed), skipped: new Set(expected.skipped) };

  const settle = (kind, name, check, what) => {
    const entry = expected[kind].find((one) => one.scenario === name && one.check === check);
    if (entry) {
      unused[kind].delete(entry);
      counts.skipped++;
      known.push(`${what}: ${entry.reason}`);
    } else {
      counts.failed++;
      problems.push(what);
    }
  };

  for (const [name, checks] of results) {
    counts.scenarios++;
    const own = (checks ?? []).filter((one) => one.id !== WIRE_CHECK && one.status !== 'INFO');
    if (own.length === 0) {
      counts.failed++;
      problems.push(`${name}: ${checks ? 'checked nothing' : 'broke off'}`);
    }
    for (const { id, status, errorMessage } of checks ?? []) {
      if (status === PASSED) {
        counts.passed++;
      } else if (status === SKIPPED) {
        settle('skipped', name, id, `${name}, ${id}: skipped`);
      } else if (FAILED.includes(status)) {
        settle('failed', name, id, `${name}, ${id}: ${status} ${errorMessage ?? ''}`.trim());
      }
    }
  }

  const ran = new Set(results.map(([name]) => name));
  for (const name of scenarios.filter((one) => !ran.has(one))) {
    settle('skipped', name, undefined, `${name}: did not run`);
  }
  if (scenarios.length === 0) {
    counts.failed++;
    problems.push('the suite listed no scenarios');
  }

  for (const [kind, entries] of Object.entries(unused)) {
    for (const { scenario, check } of entries) {
      counts.failed++;
      problems.push(`${[scenario, check].filter(Boolean).join(', ')}: was expected to be ${kind}, but was not; remove it from expected.json`);
    }
  }
  return { counts, known, problems };
}

/** The names in the output of the suite's "list": "  - ping [2025-06-18,2025-11-25]". */
export function listed(text) {
  return [...text.matchAll(/^\s+- (\S+)/gm)].map((match) => match[1]);
}

/** The entries for one stack. An entry needs a reason. */
export function forStack(expected, stack) {
  const select = (entries) =>
    entries.filter((entry) => {
      if (!entry.scenario || !entry.reason) {
        throw new Error(`expected.json: an entry needs a scenario and a reason: ${JSON.stringify(entry)}`);
      }
      return !entry.stack || entry.stack === stack;
    });
  return { failed: select(expected.failed), skipped: select(expected.skipped) };
}

function resultsIn(folder) {
  return readdirSync(folder).map((name) => {
    const [, scenario] = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(name) ?? [null, name];
    const file = join(folder, name, 'checks.json');
    return [scenario, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [stack, list, folder] = process.argv.slice(2);
  const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
  const scenarios = listed(readFileSync(list, 'utf8'));
  const { counts, known, problems } = judge(scenarios, resultsIn(folder), forStack(expected, stack));
  known.forEach((line) => console.log(`expected: ${line}`));
  problems.forEach((line) => console.log(`PROBLEM: ${line}`));
  console.log(`${counts.scenarios} of ${scenarios.length} scenarios ran on ${stack}; checks and problems:`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
