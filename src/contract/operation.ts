import type { InstanceKey } from '../model/topology/instance-key.ts'

/**
 * How one input value is read from a path, a query, a JSON body or a command line, and described in the API document.
 * `cluster` is a hint (name, alias, a member, a part of a member) that is resolved to a cluster's name before a handler sees it;
 * `instance` is resolved and matched fuzzily (contract http-api.md 3.1); `exact-instance` is taken as it stands.
 */
export interface Field<Value> {
  readonly kind: 'instance' | 'exact-instance' | 'cluster' | 'text' | 'number' | 'boolean' | 'duration' | 'page'
  readonly says: string
  readonly required: boolean
  /** Carries the type only; never read. */
  readonly value?: Value
}

export const required = {
  instance: (says: string): Field<InstanceKey> => ({ kind: 'instance', says, required: true }),
  exactInstance: (says: string): Field<InstanceKey> => ({ kind: 'exact-instance', says, required: true }),
  cluster: (says: string): Field<string> => ({ kind: 'cluster', says, required: true }),
  text: (says: string): Field<string> => ({ kind: 'text', says, required: true }),
  number: (says: string): Field<number> => ({ kind: 'number', says, required: true }),
}

export const optional = {
  instance: (says: string): Field<InstanceKey | undefined> => ({ kind: 'instance', says, required: false }),
  cluster: (says: string): Field<string | undefined> => ({ kind: 'cluster', says, required: false }),
  text: (says: string): Field<string | undefined> => ({ kind: 'text', says, required: false }),
  number: (says: string): Field<number | undefined> => ({ kind: 'number', says, required: false }),
  boolean: (says: string): Field<boolean | undefined> => ({ kind: 'boolean', says, required: false }),
  /** Seconds, from digits and one of s m h d w. */
  duration: (says: string): Field<number | undefined> => ({ kind: 'duration', says, required: false }),
  /** 0-based; a page that is no number counts as 0. */
  page: (says: string): Field<number | undefined> => ({ kind: 'page', says, required: false }),
}

export type Fields = Readonly<Record<string, Field<unknown>>>

export type Input<Declared extends Fields> = { readonly [Name in keyof Declared]: Declared[Name] extends Field<infer Value> ? Value : never }

/** Heading under which a command is listed by `help`, in the order of the original's list. */
export const commandSections = [
  'Smart relocation',
  'Classic file:pos relocation',
  'Binlog server relocation',
  'GTID relocation',
  'Pseudo-GTID relocation',
  'Replication, general',
  'Replication information',
  'Instance',
  'Binary logs',
  'Pools',
  'Information',
  'Key-value',
  'tags',
  'Instance management',
  'Recovery',
  'Instance, meta',
  'Meta',
  'Meta, internal',
  'Internal',
  'Agent',
  '',
] as const
export type CommandSection = (typeof commandSections)[number]

/** One thing that people can ask for, declared once: route, command, API document and menu item follow from it. */
export interface Operation<Declared extends Fields, Output> {
  readonly name: string
  readonly says: string
  /** What a menu offers it on. */
  readonly on: 'instance' | 'cluster' | 'fleet' | 'recovery' | 'service'
  readonly access: 'read' | 'write'
  /** It changes nothing, though it asks for the authority to write: it is no act that is followed and listed among those that run. */
  readonly onlyReads?: true
  /** 1: harmless; 2: shows its plan first; 3: can lose data or writes, needs typing (ui.md section 10). */
  readonly dangerLevel: 1 | 2 | 3
  /** It makes a plan: `dryRun` and `fingerprint` work. */
  readonly plans: boolean
  /** It decides while it runs, and can still be foreseen: a takeover as one plan with a fingerprint, a recovery stage by stage without. */
  readonly foresees?: 'takeover' | 'recovery' | 'forced'
  /**
   * Of several managers, which one answers. Without it: the one that leads, to whom the others pass it on. `where-asked`: the one that was asked, whoever leads;
   * `where-it-leads`: the one that was asked, and only while it leads.
   */
  readonly runs?: 'where-asked' | 'where-it-leads'
  readonly input: Declared
  /** The original's routes below /api/ with their parameters, and its commands. Synonyms each. */
  readonly former: {
    /** Parameters have the original's names; former-parameters.ts says which input each one is. */
    readonly routes: readonly string[]
    /** Name in the query → name of the input it is, where the two differ. */
    readonly query?: Readonly<Record<string, string>>
    readonly commands: readonly string[]
    readonly section?: CommandSection
    /** `envelope`: {Code, Message, Details}; `bare`: the value itself. */
    readonly answers: 'envelope' | 'bare'
    /** It changes something, and the original by mistake asks for no authority to do so; we do (contract security-and-http.md 6). */
    readonly wasOpen?: true
    /** The type under which the audit has it (contract observability.md 4); the operation's name without it. */
    readonly audit?: string
  }
  /** Carries the type only; never read. */
  readonly output?: Output
}

export type AnyOperation = Operation<Fields, unknown>
export type InputOf<Declared> = Declared extends Operation<infer Names, infer _Output> ? Input<Names> : never
export type OutputOf<Declared> = Declared extends Operation<infer _Names, infer Output> ? Output : never

/** Declares an operation; `operation<Output>()({...})` infers the input from its fields. */
export const operation =
  <Output>() =>
  <const Declared extends Operation<Fields, Output>>(declared: Declared): Declared & Operation<Declared['input'], Output> =>
    declared

/** Whether what was shown can be run by its fingerprint. */
export const takesFingerprint = ({ plans, foresees }: Pick<AnyOperation, 'plans' | 'foresees'>): boolean => plans || foresees === 'takeover'
