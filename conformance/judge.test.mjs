import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forRun, judge, listed } from './judge.mjs';

const NOTHING = { failed: [], skipped: [] };

const check = (id, status) => ({ id, status });

const because = (scenario, id) => ({ scenario, check: id, reason: 'known' });

/** Judges one scenario. */
const one = (checks, expected = NOTHING) => judge(['ping'], [['ping', checks]], expected);

test('a scenario whose checks pass is fine', () => {
  const { counts, problems } = one([check('ping', 'SUCCESS'), check('note', 'INFO'), check('wire-schema-valid', 'SUCCESS')]);
  assert.deepEqual(problems, []);
  assert.deepEqual(counts, { scenarios: 1, passed: 2, failed: 0, skipped: 0 });
});

for (const status of ['FAILURE', 'WARNING', 'SKIPPED']) {
  test(`${status} is a problem`, () => {
    const { counts, problems } = one([check('ping', status)]);
    assert.equal(problems.length, 1);
    assert.deepEqual(counts, { scenarios: 1, passed: 0, failed: 1, skipped: 0 });
  });

  test(`${status} that is expected is none`, () => {
    const kind = status === 'SKIPPED' ? 'skipped' : 'failed';
    const { counts, known, problems } = one([check('ping', status)], { ...NOTHING, [kind]: [because('ping', 'ping')] });
    assert.deepEqual(problems, []);
    assert.equal(known.length, 1);
    assert.deepEqual(counts, { scenarios: 1, passed: 0, failed: 0, skipped: 1 });
  });
}

test('an expected failure excuses no other check', () => {
  const { problems } = one([check('ping', 'FAILURE'), check('pong', 'FAILURE')], { ...NOTHING, failed: [because('ping', 'ping')] });
  assert.equal(problems.length, 1);
  assert.match(problems[0], /pong/);
});

test('an expected failure that passes is a problem', () => {
  const { problems } = one([check('ping', 'SUCCESS')], { ...NOTHING, failed: [because('ping', 'ping')] });
  assert.match(problems.join(), /remove it from expected.json/);
});

test('an expected failure that nobody has heard of is a problem', () => {
  const { problems } = one([check('ping', 'SUCCESS')], { ...NOTHING, failed: [because('pnig', 'ping')] });
  assert.match(problems.join(), /remove it from expected.json/);
});

test('a scenario that did not run is a problem', () => {
  const { counts, problems } = judge(['ping', 'tools-list'], [['ping', [check('ping', 'SUCCESS')]]], NOTHING);
  assert.deepEqual(problems, ['tools-list: did not run']);
  assert.equal(counts.failed, 1);
});

test('a scenario that is not to run is none until it runs', () => {
  const expected = { ...NOTHING, skipped: [because('ping', undefined)] };
  assert.deepEqual(judge(['ping'], [], expected).problems, []);
  assert.match(one([check('ping', 'SUCCESS')], expected).problems.join(), /remove it from expected.json/);
});

for (const [what, checks] of [
  ['without checks', []],
  ['with information alone', [check('note', 'INFO')]],
  ['of which only the wire was checked', [check('wire-schema-valid', 'SUCCESS')]],
  ['that broke off', null]
]) {
  test(`a scenario ${what} is a problem`, () => {
    assert.equal(one(checks).problems.length, 1);
  });
}

test('no scenarios at all is a problem', () => {
  assert.equal(judge([], [], NOTHING).problems.length, 1);
});

test('warnings are named, expected or not', () => {
  const checks = [check('ping', 'WARNING'), check('pong', 'FAILURE')];
  assert.deepEqual(one(checks).warnings, ['ping, ping']);
  assert.deepEqual(one(checks, { ...NOTHING, failed: [because('ping', 'ping')] }).warnings, ['ping, ping']);
});

test('names are read from the list of a revision', () => {
  assert.deepEqual(listed('Server scenarios (test against a server):\n  - ping [2025-11-25]\n  - tools-list [2025-11-25,2026-07-28]\n'), [
    'ping',
    'tools-list'
  ]);
});

test('names are read from the list of what a revision requires, without those for clients', () => {
  const text = `Required for 2026-07-28 (3 scenarios, frozen; run at the 2026-07-28 wire):

Server scenarios (test against a server):
  - caching
  - tools-list

Client scenarios (test against a client):
  - tools_call

Run and reported, but never scored:
  extension (2):
    - auth/dpop [client]
    - tasks-lifecycle [server]
`;
  assert.deepEqual(listed(text), ['caching', 'tools-list', 'tasks-lifecycle']);
});

test('an entry holds for its stack and revision, or for all', () => {
  const entries = [because('a'), { ...because('b'), stack: 'webflux' }, { ...because('c'), revision: '2025-11-25' }];
  const held = (revision, stack) =>
    forRun({ failed: entries, skipped: entries }, revision, stack).failed.map((entry) => entry.scenario);
  assert.deepEqual(held('2025-11-25', 'webflux'), ['a', 'b', 'c']);
  assert.deepEqual(held('2025-11-25', 'webmvc'), ['a', 'c']);
  assert.deepEqual(held('2026-07-28', 'webflux'), ['a', 'b']);
});

test('an entry without a reason is refused', () => {
  assert.throws(() => forRun({ failed: [{ scenario: 'a' }], skipped: [] }, '2025-11-25', 'webmvc'), /reason/);
});
