import { IconArrowsExchange, IconBinaryTree2, IconCaretDown, IconHexagons, IconNotes, IconQuestionMark, IconStarFilled } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { ServerRole } from '../../../src/contract/views.ts'

export const roleIcons: Readonly<Record<ServerRole, ComponentType<{ readonly size?: number; readonly className?: string }>>> = {
  'primary': IconStarFilled,
  'intermediate': IconBinaryTree2,
  'replica': IconCaretDown,
  'co-primary': IconArrowsExchange,
  'group-primary': IconHexagons,
  'group-member': IconHexagons,
  'binlog-server': IconNotes,
  'unknown': IconQuestionMark,
}

export function RoleIcon({ role, size = 15 }: { readonly role: ServerRole; readonly size?: number }) {
  const Icon = roleIcons[role] ?? IconQuestionMark
  return (
    <span className={`role role-${role}`} aria-hidden>
      <Icon size={size} />
    </span>
  )
}
