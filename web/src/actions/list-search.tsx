import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState, type KeyboardEvent } from 'react'

export interface ListSearchProps {
  readonly label: string
  readonly placeholder: string
  readonly query: string
  readonly change: (query: string) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
  /** The id of the list, and of its chosen line, where it has one. */
  readonly list: string
  readonly active: string | undefined
}

/** A field that filters a list below it: what is typed, arrows and Enter are enough. */
export function ListSearch({ label, placeholder, query, change, onKeyDown, list, active }: ListSearchProps) {
  return (
    <TextInput
      data-autofocus
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={15} />}
      value={query}
      onChange={event => change(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      role="combobox"
      aria-expanded
      aria-controls={list}
      aria-activedescendant={active}
      autoComplete="off"
      spellCheck={false}
    />
  )
}

/** Which of `count` lines is chosen; the first one again after something else was typed. `take` is asked for the chosen one, -1 where there is none. */
export function useChosenLine(count: number, take: (index: number) => void): { readonly chosen: number; readonly restart: () => void; readonly choose: (index: number) => void; readonly onKeyDown: (event: KeyboardEvent) => void } {
  const [at, setAt] = useState(0)
  const chosen = Math.min(at, Math.max(count - 1, 0))
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, count - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0))
    else if (event.key === 'Enter') take(count === 0 ? -1 : chosen)
    else return
    event.preventDefault()
  }
  return { chosen, restart: () => setAt(0), choose: setAt, onKeyDown }
}
