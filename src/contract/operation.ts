import type { InstanceKey } from '../model/topology/instance-key.ts'

/** How one input value is read from a path, a query, a JSON body or a command line, and described in the API document. */
export interface Field<Value> {
  readonly kind: 'instance' | 'cluster' | 'text' | 'number' | 'boolean' | 'duration' | 'page'
  readonly says: string
  readonly required: boolean
  /** Carries the type only; never read. */
  readonly value?: Value
}

export const required = {
  instance: (says: string): Field<InstanceKey> => ({ kind: 'instance', says, required: true }),
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
  page: (says: string): Field<number | undefined> => ({ kind: 'page', says, required: false }),
}

export type Input<Fields extends Record<string, Field<unknown>>> = { readonly [Name in keyof Fields]: Fields[Name] extends Field<infer Value> ? Value : never }

/** One thing that people can ask for, declared once: route, command, API document and menu item follow from it. */
export interface Operation<Fields extends Record<string, Field<unknown>>, Output> {
  readonly name: string
  readonly says: string
  /** What a menu offers it on. */
  readonly on: 'instance' | 'cluster' | 'fleet' | 'recovery' | 'service'
  readonly access: 'read' | 'write'
  /** 1: harmless; 2: shows its plan first; 3: can lose data or writes, needs typing (ui.md section 10). */
  readonly dangerLevel: 1 | 2 | 3
  /** It makes a plan: `dryRun` and `fingerprint` work. */
  readonly plans: boolean
  readonly input: Fields
  /** The original's routes below /api/ with their parameters, and its commands. Synonyms each. */
  readonly former: {
    readonly routes: readonly string[]
    readonly commands: readonly string[]
    /** `envelope`: {Code, Message, Details}; `bare`: the value itself. */
    readonly answers: 'envelope' | 'bare'
  }
  /** Carries the type only; never read. */
  readonly output?: Output
}

/** Declares an operation; `operation<Output>()({...})` infers the input from its fields. */
export const operation =
  <Output>() =>
  <const Fields extends Record<string, Field<unknown>>>(declared: Operation<Fields, Output>): Operation<Fields, Output> =>
    declared
