import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forStack, judge, listed } from './judge.mjs';

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

test('names are read from the list', () => {
  assert.deepEqual(listed('Server scenarios (test against a server):\n  - ping [2025-11-25]\n  - tools-list [2025-11-25,2026-07-28]\n'), [
    'ping',
    'tools-list'
  ]);
});

test('an entry holds for its stack, or for all', () => {
  const entries = [because('a', 'x'), { ...because('b', 'y'), stack: 'webflux' }];
  assert.equal(forStack({ failed: entries, skipped: [] }, 'webflux').failed.length, 2);
  assert.equal(forStack({ failed: entries, skipped: [] }, 'webmvc').failed.length, 1);
});

test('an entry without a reason is refused', () => {
  assert.throws(() => forStack({ failed: [{ scenario: 'a' }], skipped: [] }, 'webmvc'), /reason/);
});
