/**
 * danggol in a partner's Google sheet: a menu, and a stamp beside the refresh checkbox.
 *
 * The sheet works without this script: head office reads the checkbox itself. The script adds a menu and says when,
 * and where Google tells it by whom, a refresh was asked for.
 *
 * Cells are found by named range, so moving, sorting and inserting rows is fine. danggol's sync uses the same names:
 *   danggol_refresh       the checkbox; the partner's. Every change of it is a request. Never written here.
 *   danggol_requested_at  the last request: Korean time to the millisecond, then who. Only this script writes it.
 *   danggol_last_sync     when head office last synced. danggol's; only read here.
 *
 * onOpen and onEdit are simple triggers: nobody is asked for permission. Only the menu's commands ask, once.
 * Edits that danggol makes through the API fire no trigger.
 *
 * @OnlyCurrentDoc
 */

var REFRESH = 'danggol_refresh';
var REQUESTED_AT = 'danggol_requested_at';
var LAST_SYNC = 'danggol_last_sync';

var WORDS = {
  ko: {
    menuRefresh: '새로고침 요청',
    menuLast: '마지막 동기화 보기',
    menuHelp: '도움말',
    requested: '새로고침을 요청했습니다. 몇 분 안에 반영됩니다.',
    last: '마지막 동기화: {time}',
    never: '아직 동기화한 적이 없습니다.',
    missing: '이 시트에서 danggol 칸({name})을 찾지 못했습니다. 본사 담당자에게 알려 주세요.',
    unwritable: '요청 시각을 적을 권한이 없습니다. 새로고침 체크박스를 한 번 눌러 주세요.',
    helpTitle: 'danggol 도움말',
    help:
      '· 파란 칸만 적어 주세요. 행을 옮기거나 정렬해도 괜찮습니다.\n' +
      '· 바로 반영하려면 새로고침 체크박스를 한 번 누르세요. 켜고 끄는 것 모두 요청입니다.\n' +
      '· 휴대전화에는 이 메뉴가 없습니다. 체크박스를 쓰세요.',
  },
  en: {
    menuRefresh: 'Ask for a refresh',
    menuLast: 'Show last sync',
    menuHelp: 'Help',
    requested: 'A refresh was asked for. It shows within a few minutes.',
    last: 'Last sync: {time}',
    never: 'Not synced yet.',
    missing: 'The danggol cell ({name}) was not found in this sheet. Please tell head office.',
    unwritable: 'You may not write the time of the request. Click the refresh checkbox once instead.',
    helpTitle: 'danggol help',
    help:
      '· Fill in the blue cells only. Moving and sorting rows is fine.\n' +
      '· To see changes sooner, click the refresh checkbox once: ticking and unticking both ask.\n' +
      '· Phones do not show this menu. Use the checkbox.',
  },
};

/** Adds the menu. Phones never call this. */
function onOpen() {
  var words = words_();
  SpreadsheetApp.getUi()
    .createMenu('danggol')
    .addItem(words.menuRefresh, 'danggolRequestRefresh')
    .addItem(words.menuLast, 'danggolShowLastSync')
    .addSeparator()
    .addItem(words.menuHelp, 'danggolHelp')
    .addToUi();
}

/** Stamps a request when the checkbox changes, however it changed: click, paste, drag or delete. */
function onEdit(event) {
  var box = SpreadsheetApp.getActive().getRangeByName(REFRESH);
  if (!event || !event.range || !box || !covers_(event.range, box)) {
    return;
  }
  try {
    stamp_(event.user);
  } catch (error) {
    // the checkbox itself is the request; the time beside it is only for people
    console.warn('danggol: ' + error);
  }
}

/** Menu: asks for a refresh. The checkbox stays as it is. */
function danggolRequestRefresh() {
  var words = words_();
  if (!SpreadsheetApp.getActive().getRangeByName(REQUESTED_AT)) {
    tell_(words.missing.replace('{name}', REQUESTED_AT));
    return;
  }
  try {
    stamp_(null);
  } catch (error) {
    console.warn('danggol: ' + error);
    tell_(words.unwritable);
    return;
  }
  tell_(words.requested);
}

/** Menu: says when head office last synced. */
function danggolShowLastSync() {
  var words = words_();
  var cell = SpreadsheetApp.getActive().getRangeByName(LAST_SYNC);
  if (!cell) {
    tell_(words.missing.replace('{name}', LAST_SYNC));
    return;
  }
  var time = cell.getDisplayValue();
  tell_(time ? words.last.replace('{time}', time) : words.never);
}

/** Menu: how to use the sheet. */
function danggolHelp() {
  var words = words_();
  var ui = SpreadsheetApp.getUi();
  ui.alert(words.helpTitle, words.help, ui.ButtonSet.OK);
}

/** Writes when, and who if Google says so; always later than what stands there. */
function stamp_(user) {
  var cell = SpreadsheetApp.getActive().getRangeByName(REQUESTED_AT);
  if (!cell) {
    return;
  }
  var before = String(cell.getDisplayValue()).split(' · ')[0];
  var moment = new Date();
  var time = korean_(moment);
  for (var tries = 0; time <= before && tries < 1000; tries++) {
    moment = new Date(moment.getTime() + 1);
    time = korean_(moment);
  }
  if (time <= before) {
    time = before + '+'; // a clock that ran ahead stamped before: still another, later text
  }
  var who = who_(user);
  cell.setNumberFormat('@');
  cell.setValue(who ? time + ' · ' + who : time);
}

function korean_(moment) {
  return Utilities.formatDate(moment, 'Asia/Seoul', 'yyyy-MM-dd HH:mm:ss.SSS');
}

/** The editor's address; '' where Google keeps it to itself (most partners outside one's own domain). */
function who_(user) {
  try {
    return (user && user.getEmail && user.getEmail()) || Session.getActiveUser().getEmail() || '';
  } catch (error) {
    return '';
  }
}

/** Whether an edited range covers a cell. */
function covers_(range, cell) {
  return (
    range.getSheet().getSheetId() === cell.getSheet().getSheetId() &&
    range.getRow() <= cell.getRow() &&
    cell.getRow() <= range.getLastRow() &&
    range.getColumn() <= cell.getColumn() &&
    cell.getColumn() <= range.getLastColumn()
  );
}

/** The words of the person's language: Korean, else English. */
function words_() {
  var locale = '';
  try {
    locale = Session.getActiveUserLocale() || '';
  } catch (error) {
    locale = SpreadsheetApp.getActive().getSpreadsheetLocale() || '';
  }
  return locale.toLowerCase().indexOf('ko') === 0 ? WORDS.ko : WORDS.en;
}

function tell_(text) {
  SpreadsheetApp.getActive().toast(text, 'danggol', 8);
}
