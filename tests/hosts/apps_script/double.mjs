/** As much of Google's Apps Script as Code.gs uses: one spreadsheet, its named ranges, its menu and its toasts. */
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const SOURCE = readFileSync(process.env.DANGGOL_CODE_GS, 'utf-8');

export class Range {
  constructor(sheet, row, column, rows = 1, columns = 1) {
    Object.assign(this, { sheet, row, column, rows, columns });
  }
  getSheet() { return this.sheet; }
  getRow() { return this.row; }
  getColumn() { return this.column; }
  getLastRow() { return this.row + this.rows - 1; }
  getLastColumn() { return this.column + this.columns - 1; }
  getDisplayValue() { return String(this.sheet.cells.get(`${this.row},${this.column}`) ?? ''); }
  setNumberFormat(format) {
    if (this.sheet.protected) throw new Error('You are trying to edit a protected cell or object.');
    this.sheet.formats.set(`${this.row},${this.column}`, format);
    return this;
  }
  setValue(value) {
    if (this.sheet.protected) throw new Error('You are trying to edit a protected cell or object.');
    this.sheet.cells.set(`${this.row},${this.column}`, value);
    this.sheet.writes.push([this.row, this.column, value]);
    return this;
  }
}

export class Sheet {
  constructor(id) {
    Object.assign(this, { id, cells: new Map(), formats: new Map(), writes: [], protected: false });
  }
  getSheetId() { return this.id; }
  range(row, column, rows, columns) { return new Range(this, row, column, rows, columns); }
}

/** A spreadsheet with the script in it; `script` holds its functions. */
export function world({ locale = 'ko', email = '', now = '2026-11-22T00:00:00.000Z', names = true, noSession = false } = {}) {
  const guide = new Sheet(7);
  const other = new Sheet(8);
  const ranges = names
    ? { danggol_refresh: guide.range(3, 2), danggol_requested_at: guide.range(4, 2), danggol_last_sync: guide.range(5, 2) }
    : {};
  const seen = { menu: null, toasts: [], alerts: [], warnings: [] };
  const clock = { now: new Date(now).getTime() };
  const denied = () => { throw new Error('You do not have permission to call Session'); };
  const ui = {
    ButtonSet: { OK: 'OK' },
    createMenu(title) {
      const menu = { title, items: [] };
      const chain = {
        addItem(label, handler) { menu.items.push([label, handler]); return chain; },
        addSeparator() { return chain; },
        addToUi() { seen.menu = menu; },
      };
      return chain;
    },
    alert(...args) { seen.alerts.push(args); },
  };
  class Clock extends Date {
    constructor(...args) { super(...(args.length ? args : [clock.now])); }
  }
  const script = vm.createContext({
    console: { warn: (text) => seen.warnings.push(text) },
    Date: Clock,
    SpreadsheetApp: {
      getUi: () => ui,
      getActive: () => ({
        getRangeByName: (name) => ranges[name] ?? null,
        toast: (text) => seen.toasts.push(text),
        getSpreadsheetLocale: () => locale,
      }),
    },
    Session: {
      getActiveUserLocale: noSession ? denied : () => locale,
      getActiveUser: noSession ? denied : () => ({ getEmail: () => email }),
    },
    Utilities: {
      formatDate(moment, zone, pattern) {
        if (zone !== 'Asia/Seoul' || pattern !== 'yyyy-MM-dd HH:mm:ss.SSS') throw new Error(`${zone} ${pattern}`);
        return new Date(moment.getTime() + 9 * 3600_000).toISOString().replace('T', ' ').replace('Z', '');
      },
    },
  });
  vm.runInContext(SOURCE, script);
  return { script, guide, other, seen, clock, stamp: () => guide.range(4, 2).getDisplayValue() };
}
