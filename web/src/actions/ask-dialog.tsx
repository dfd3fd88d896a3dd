import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client, type OperationInput } from '../api/client.ts'
import { CopyButton } from '../ui/copy.tsx'
import { Failure } from '../ui/page-state.tsx'
import { sayReason } from '../words/say.ts'
import type { AskedField } from './acts/act.ts'
import { openDialog, type AskRequest } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'

type Answered = { readonly lines: readonly string[] } | { readonly refused: string } | { readonly error: unknown }

/** Asks for what an operation needs besides its server; then shows its plan, or what the server answers. */
export function AskDialog({ request }: { readonly request: AskRequest }) {
  const { t, i18n } = useTranslation()
  const [values, setValues] = useState<OperationInput>({})
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [answered, setAnswered] = useState<Answered | null>(null)
  const { next } = request
  const lacks = (field: AskedField): boolean => field.required === true && String(values[field.name] ?? '').trim() === ''

  const go = async (): Promise<void> => {
    setTried(true)
    if (request.fields.some(lacks)) return
    const input = { ...request.input, ...given(values) }
    if ('plan' in next) return openDialog({ kind: 'plan', request: { ...next.plan, input } })
    setBusy(true)
    try {
      const answer = await client.ask(request.operation, input)
      if (answer.state === 'done') setAnswered({ lines: next.lines(answer.output) })
      else if (answer.state === 'refused') setAnswered({ refused: sayReason(answer.refused, i18n.language) })
    } catch (error) {
      setAnswered({ error })
    } finally {
      setBusy(false)
    }
  }

  return (
    <FormDialog title={request.title} runLabel={request.runLabel} busy={busy} run={go} closeLabel={answered === null ? t('state.cancel') : t('state.close')} size={520}>
      <p className="dim">{request.text}</p>
      {request.fields.map((field, index) => (
        <Field
          key={field.name}
          field={field}
          isFirst={index === 0}
          value={values[field.name] ?? ''}
          change={value => setValues({ ...values, [field.name]: value })}
          error={tried && lacks(field) ? t('ask.required') : null}
        />
      ))}
      {answered === null ? null : <Answer answered={answered} />}
    </FormDialog>
  )
}

/** What was filled in: empty texts and boxes that are not ticked are left out. */
const given = (values: OperationInput): OperationInput =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const trimmed = typeof value === 'string' ? value.trim() : value
      return trimmed === '' || trimmed === false ? [] : [[name, trimmed] as const]
    }),
  )

interface FieldProps {
  readonly field: AskedField
  readonly isFirst: boolean
  readonly value: string | number | boolean
  readonly change: (value: string | boolean) => void
  readonly error: string | null
}

function Field({ field, isFirst, value, change, error }: FieldProps) {
  const { t } = useTranslation()
  const label = t(`ask.${field.label}`)
  if (field.kind === 'check') return <Checkbox label={label} checked={value === true} onChange={event => change(event.currentTarget.checked)} />
  return (
    <TextInput
      {...(isFirst ? { 'data-autofocus': true } : {})}
      label={label}
      description={field.hint === undefined ? null : t(`ask.${field.hint}`)}
      value={String(value)}
      onChange={event => change(event.currentTarget.value)}
      {...(field.kind === 'number' ? { inputMode: 'numeric' as const } : {})}
      error={error}
      autoComplete="off"
      spellCheck={false}
    />
  )
}

function Answer({ answered }: { readonly answered: Answered }) {
  const { t } = useTranslation()
  if ('error' in answered) return <Failure error={answered.error} />
  if ('refused' in answered)
    return (
      <div className="notice critical" role="alert">
        <div className="notice-body">
          <strong>{t('plan.refused')}</strong>
          <span>{answered.refused}</span>
        </div>
      </div>
    )
  if (answered.lines.length === 0) return <p role="status">{t('ask.nothing')}</p>
  return (
    <div className="answer" role="status">
      <pre>{answered.lines.join('\n')}</pre>
      <CopyButton text={answered.lines.join('\n')} label={t('ask.copyAll')} />
    </div>
  )
}
