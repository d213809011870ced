import assert from 'node:assert/strict';
import test from 'node:test';
import { world } from './double.mjs';

const NINE = '2026-11-22 09:00:00.000';

test('every change of the checkbox is a request: ticking and unticking', () => {
  const { script, guide, clock, stamp } = world();
  guide.cells.set('3,2', true);
  script.onEdit({ range: guide.range(3, 2), value: 'TRUE' });
  assert.equal(stamp(), NINE);
  clock.now += 1500;
  guide.cells.set('3,2', false);
  script.onEdit({ range: guide.range(3, 2), value: 'FALSE' });
  assert.equal(stamp(), '2026-11-22 09:00:01.500');
});

test('the checkbox itself is never written, nor anything but the stamp', () => {
  const { script, guide, other } = world();
  script.onEdit({ range: guide.range(3, 2) });
  script.danggolRequestRefresh();
  script.danggolShowLastSync();
  assert.deepEqual(new Set(guide.writes.map(([row, column]) => `${row},${column}`)), new Set(['4,2']));
  assert.deepEqual(other.writes, []);
});

test('a paste or a delete over the checkbox is a change of it too', () => {
  const { script, guide, stamp } = world();
  script.onEdit({ range: guide.range(1, 1, 9, 3) });
  assert.equal(stamp(), NINE);
});

for (const [what, range] of [
  ['the row below', (w) => w.guide.range(4, 2)],
  ['the column beside', (w) => w.guide.range(3, 3)],
  ['the same cell of another tab', (w) => w.other.range(3, 2)],
  ['a block that ends before it', (w) => w.guide.range(1, 1, 2, 9)],
]) {
  test(`an edit of ${what} is no request`, () => {
    const w = world();
    w.script.onEdit({ range: range(w) });
    assert.equal(w.stamp(), '');
  });
}

test('two requests in one millisecond, or a clock set back, still stamp a later time', () => {
  const { script, guide, clock, stamp } = world();
  script.onEdit({ range: guide.range(3, 2) });
  script.onEdit({ range: guide.range(3, 2) });
  assert.equal(stamp(), '2026-11-22 09:00:00.001');
  clock.now -= 3600_000;
  const before = stamp();
  script.onEdit({ range: guide.range(3, 2) });
  assert.ok(stamp() > before);
});

test('who asked stands behind the time where Google tells', () => {
  const { script, guide, stamp } = world({ email: 'hq@example.com' });
  script.onEdit({ range: guide.range(3, 2), user: { getEmail: () => 'partner@example.com' } });
  assert.equal(stamp(), `${NINE} · partner@example.com`);
  script.danggolRequestRefresh();
  assert.match(stamp(), /^2026-11-22 09:00:00\.001 · hq@example\.com$/);
});

test('without permissions the simple triggers work all the same', () => {
  const { script, guide, seen, stamp } = world({ noSession: true, locale: 'en_US' });
  script.onOpen();
  script.onEdit({ range: guide.range(3, 2) });
  assert.equal(seen.menu.items[0][0], 'Ask for a refresh');
  assert.equal(stamp(), NINE);
});

test('a protected stamp does not stop the partner: the checkbox is the request', () => {
  const { script, guide, seen } = world();
  guide.protected = true;
  script.onEdit({ range: guide.range(3, 2) });
  assert.equal(seen.warnings.length, 1);
  script.danggolRequestRefresh();
  assert.match(seen.toasts[0], /체크박스/);
});

test('the menu speaks the language of the person and every entry leads to a function', () => {
  for (const [locale, first] of [['ko', '새로고침 요청'], ['ko_KR', '새로고침 요청'], ['en', 'Ask for a refresh'], ['ja', 'Ask for a refresh']]) {
    const { script, seen } = world({ locale });
    script.onOpen();
    assert.equal(seen.menu.title, 'danggol');
    assert.equal(seen.menu.items[0][0], first);
    for (const [, handler] of seen.menu.items) assert.equal(typeof script[handler], 'function');
  }
});

test('Korean and English say the same things with the same fields', () => {
  const { ko, en } = world().script.WORDS;
  assert.deepEqual(Object.keys(ko), Object.keys(en));
  for (const key of Object.keys(ko)) {
    const fields = (text) => [...text.matchAll(/\{\w+\}/g)].map(([field]) => field);
    assert.deepEqual(fields(ko[key]), fields(en[key]), key);
  }
});

test('the last sync is shown, or that there was none', () => {
  const { script, guide, seen } = world();
  script.danggolShowLastSync();
  guide.cells.set('5,2', '2026-11-22 08:55');
  script.danggolShowLastSync();
  assert.deepEqual(seen.toasts, ['아직 동기화한 적이 없습니다.', '마지막 동기화: 2026-11-22 08:55']);
});

test('in a sheet without our names nothing is written and the menu says what is missing', () => {
  const { script, guide, seen } = world({ names: false });
  script.onEdit({ range: guide.range(3, 2) });
  script.danggolRequestRefresh();
  script.danggolShowLastSync();
  assert.deepEqual(guide.writes, []);
  assert.match(seen.toasts[0], /danggol_requested_at/);
  assert.match(seen.toasts[1], /danggol_last_sync/);
});

test('help tells phone users about the checkbox', () => {
  const { script, seen } = world();
  script.danggolHelp();
  assert.match(seen.alerts[0][1], /휴대전화/);
});
