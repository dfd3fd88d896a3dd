import { describe } from 'node:test'
import { mysqlEngine, sqliteEngine } from './store-engines.ts'
import { storeSuite } from './store-suite.ts'

describe('the store on SQLite', () => storeSuite('SQLite', sqliteEngine))
describe('the store on MySQL', () => storeSuite('MySQL', mysqlEngine))
