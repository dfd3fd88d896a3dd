import type { Reason } from '../../kit/reason.ts'
import { type ParametersOf, reasonsOf } from '../../kit/reason-table.ts'
import type { InstanceKey } from '../topology/instance-key.ts'

/** `bad`: something does not work, or loses data when a server fails. `warning`: worth mending. */
export type Severity = 'bad' | 'warning'

/** Something to be mended. */
export interface Complaint {
  readonly code: string
  readonly severity: Severity
  /** Null: about a cluster or the configuration. */
  readonly server: InstanceKey | null
  readonly says: Reason
  readonly mend: Reason
}

type Values = Readonly<Record<string, string | number | boolean>>

interface Entry<Subject, Says extends string, Mend extends string> {
  readonly code: string
  /** What was found well when nothing is to be said. */
  readonly looksAt: string
  readonly severity: Severity
  readonly says: Says
  readonly mend: Mend
  /** What the sentences name, once for each complaint; null: the check does not apply here, or what it needs is not known. */
  readonly find: (subject: Subject) => readonly (ParametersOf<Says> & ParametersOf<Mend> & Values)[] | null
}

/** One row of a table of checks. */
export interface Check<Subject> {
  readonly code: string
  readonly looksAt: string
  readonly severity: Severity
  /** Its sentences with the names of their values in braces, for whoever words them in another language. */
  readonly texts: { readonly says: string; readonly mend: string }
  /** Complaints without the server they are about; null as in `find`. */
  readonly look: (subject: Subject) => readonly Omit<Complaint, 'server'>[] | null
}

/** Rows of one kind of subject; a parameter that a sentence names and `find` forgets does not compile. */
export const checksOf =
  <Subject>() =>
  <const Says extends string, const Mend extends string>({ code, looksAt, severity, says, mend, find }: Entry<Subject, Says, Mend>): Check<Subject> => {
    // The texts were checked against the parameters just above; the table of one row has lost their literal types.
    const worded = reasonsOf<Readonly<Record<string, string>>>({ [code]: says, [`mend-${code}`]: mend })
    return {
      code, looksAt, severity, texts: { says, mend },
      look: subject => find(subject)?.map(values => ({ code, severity, says: worded(code, values), mend: worded(`mend-${code}`, values) })) ?? null,
    }
  }

/** A check that was made and found nothing, on so many subjects. */
export interface FoundWell {
  readonly code: string
  readonly looksAt: string
  readonly count: number
}

export interface Diagnosis {
  /** Bad ones first; then as the tables and the subjects stand. */
  readonly complaints: readonly Complaint[]
  readonly well: readonly FoundWell[]
}

/** Goes through a table for every subject. */
export function lookAt<Subject>(checks: readonly Check<Subject>[], subjects: readonly Subject[], serverOf: (subject: Subject) => InstanceKey | null): Diagnosis {
  const complaints: Complaint[] = []
  const well: FoundWell[] = []
  for (const check of checks) {
    const looks = subjects.flatMap(subject => {
      const found = check.look(subject)
      return found === null ? [] : [{ found, server: serverOf(subject) }]
    })
    complaints.push(...looks.flatMap(({ found, server }) => found.map(complaint => ({ ...complaint, server }))))
    const count = looks.filter(({ found }) => found.length === 0).length
    if (count > 0 && count === looks.length) well.push({ code: check.code, looksAt: check.looksAt, count })
  }
  return { complaints, well }
}

/** Several diagnoses as one. */
export function together(diagnoses: readonly Diagnosis[]): Diagnosis {
  const complaints = diagnoses.flatMap(diagnosis => diagnosis.complaints)
  const of = (severity: Severity): readonly Complaint[] => complaints.filter(complaint => complaint.severity === severity)
  return { complaints: [...of('bad'), ...of('warning')], well: diagnoses.flatMap(diagnosis => diagnosis.well) }
}
