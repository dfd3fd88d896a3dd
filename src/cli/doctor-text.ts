import type { DoctorReport } from '../contract/doctor.ts'

const signs = { bad: '✖', warning: '!' } as const

const title = ({ about, servers }: DoctorReport): string => {
  if (about.what === 'configuration') return 'The configuration'
  if (about.what === 'server') return `Server ${about.name}`
  return `${about.what === 'fleet' ? 'The configuration and all clusters' : `Cluster ${about.name}`}, ${servers.length} ${servers.length === 1 ? 'server' : 'servers'}`
}

/** What is to be mended, bad things first, each with the way to mend it; then what was found well. */
export function doctorLines(report: DoctorReport): readonly string[] {
  const { complaints, well, servers, unexamined } = report
  return [
    title(report),
    ...(unexamined.length === 0 ? [] : [`! not examined, for want of time: ${unexamined.join(', ')}`]),
    ...complaints.flatMap(({ severity, says, mend }) => [`${signs[severity]} ${says.text}`, `    mend: ${mend.text}`]),
    ...well.map(({ looksAt, count }) => `✓ ${looksAt}${servers.length > 1 && count > 1 ? ` (${count} servers)` : ''}`),
  ]
}

/** The sentence with which the command fails; null when nothing is bad. */
export function doctorVerdict(output: unknown): string | null {
  // The table of commands gives it the answer of its own operation.
  const { complaints } = output as DoctorReport
  const bad = complaints.filter(({ severity }) => severity === 'bad').length
  return bad === 0 ? null : `${bad} of ${complaints.length} ${complaints.length === 1 ? 'complaint' : 'complaints'} must be mended`
}
