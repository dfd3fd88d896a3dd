import { describe } from 'node:test'
import { mysqlEngine } from '../conformance/store-engines.ts'
import { storeSuite } from '../conformance/store-suite.ts'

/** MariaDB as back end: what the store promises on MySQL, with the same statements. */
describe('the store on MariaDB', () => storeSuite('MariaDB', () => mysqlEngine('mariadb')))
