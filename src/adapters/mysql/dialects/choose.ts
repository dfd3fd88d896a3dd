import { type Flavour, isAtLeast, type ServerVersion } from '../../../model/topology/version.ts'
import type { Dialect } from './dialect.ts'
import { mariadb } from './mariadb.ts'
import { maxscale } from './maxscale.ts'
import { mysql57 } from './mysql-5-7.ts'
import { mysql80, mysql8019, mysql8022, mysql8023, mysql8026 } from './mysql-8-0.ts'
import { mysql82 } from './mysql-8-2.ts'

/** Newest first: the first row whose version is reached is the dialect. */
const mysqlVersions: readonly (readonly [major: number, minor: number, patch: number, dialect: Dialect])[] = [
  [8, 2, 0, mysql82],
  [8, 0, 26, mysql8026],
  [8, 0, 23, mysql8023],
  [8, 0, 22, mysql8022],
  [8, 0, 19, mysql8019],
  [8, 0, 0, mysql80],
  [0, 0, 0, mysql57],
]

const mysqlDialect = (version: ServerVersion): Dialect =>
  mysqlVersions.find(([major, minor, patch]) => isAtLeast(version, major, minor, patch))?.[3] ?? mysql57

const byFlavour: Readonly<Record<Flavour, (version: ServerVersion) => Dialect>> = {
  MySQL: mysqlDialect, Percona: mysqlDialect, MariaDB: () => mariadb, MaxScale: () => maxscale,
}

/** The one place where versions choose words: by flavour and number, never by trying. */
export const chooseDialect = (version: ServerVersion): Dialect => byFlavour[version.flavour](version)
