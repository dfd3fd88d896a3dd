import { describe } from 'node:test'
import { byCommands } from './store-by-commands.ts'
import { mysqlEngine, sqliteEngine } from './store-engines.ts'
import { storeSuite } from './store-suite.ts'

describe('the store on SQLite', () => storeSuite('SQLite', sqliteEngine))
describe('the store on MySQL', () => storeSuite('MySQL', mysqlEngine))
describe('the store on SQLite, written by commands', () => storeSuite('by commands', () => byCommands(sqliteEngine, 'at once')))
describe('the store on SQLite, written by commands of a group', () => storeSuite('by a group', () => byCommands(sqliteEngine, 'group')))
