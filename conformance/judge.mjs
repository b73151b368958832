// Judges what the suite left behind. Its own exit code cannot tell a scenario that passed from one that never ran.
//
//   node judge.mjs <revision of the specification> <webmvc|webflux> <output of the suite's "list"> <folder of results>
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PASSED = 'SUCCESS';
const SKIPPED = 'SKIPPED';
/** A warning is a requirement of the "should" kind that was not met; the suite's own baselines count it as failed too. */
const WARNING = 'WARNING';
const FAILED = ['FAILURE', WARNING];

/** Says nothing about the scenario itself: the suite adds it to all that exchanged a message. */
const WIRE_CHECK = 'wire-schema-valid';

/**
 * @param scenarios names of all scenarios there are for this revision of the specification
 * @param results pairs of a scenario's name and its checks; null where the scenario broke off
 * @param expected entries of expected.json that hold for this run
 * @returns counts, known: what was expected and happened, problems: why the run fails, warnings: names of checks, whether
 *   they were expected or not
 */
export function judge(scenarios, results, expected) {
  const counts = { scenarios: 0, passed: 0, failed: 0, skipped: 0 };
  const known = [];
  const problems = [];
  const warnings = [];
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
        if (status === WARNING) {
          warnings.push(`${name}, ${id}`);
        }
        settle('failed', name, id, `${name}, ${id}: ${status} ${errorMessage ?? ''}`.replace(/\s+/g, ' ').trim());
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
  return { counts, known, problems, warnings };
}

/**
 * The servers' scenarios in the output of the suite's "list": "  - ping [2025-06-18,2025-11-25]" in the section about
 * servers, and "    - tasks-lifecycle [server]" among those that a revision does not ask for but runs.
 */
export function listed(text) {
  const names = [];
  let section = '';
  for (const line of text.split('\n')) {
    const [, name, tag] = /^\s+- (\S+)(?: \[(.+)\])?/.exec(line) ?? [];
    if (!name) {
      section = /^\S/.test(line) ? line : section;
    } else if (section.startsWith('Server') || tag === 'server') {
      names.push(name);
    }
  }
  return names;
}

/** The entries for one run. An entry needs a reason; it holds for every revision and stack, or for the one it names. */
export function forRun(expected, revision, stack) {
  const select = (entries) =>
    entries.filter((entry) => {
      if (!entry.scenario || !entry.reason) {
        throw new Error(`expected.json: an entry needs a scenario and a reason: ${JSON.stringify(entry)}`);
      }
      return (entry.stack ?? stack) === stack && (entry.revision ?? revision) === revision;
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
  const [revision, stack, list, folder] = process.argv.slice(2);
  const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
  const scenarios = listed(readFileSync(list, 'utf8'));
  const { counts, known, problems, warnings } = judge(scenarios, resultsIn(folder), forRun(expected, revision, stack));
  known.forEach((line) => console.log(`expected: ${line}`));
  problems.forEach((line) => console.log(`PROBLEM: ${line}`));
  console.log(`warnings: ${warnings.join('; ') || 'none'}`);
  console.log(`${counts.scenarios} of ${scenarios.length} scenarios of ${revision} ran on ${stack}; checks and problems:`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
