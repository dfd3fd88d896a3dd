import {
  IconAt,
  IconAlertTriangle,
  IconBan,
  IconBuildingSkyscraper,
  IconClockPause,
  IconFileOff,
  IconFilter,
  IconLinkOff,
  IconRoute,
  IconStack2,
  IconStar,
  IconTag,
  IconTool,
  IconTransfer,
  IconHourglass,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { useNameOf } from './names.ts'
import { chipsOf, chipsThatFit, type Chip } from './server-chips.ts'

export const chipIcons: Readonly<Record<Chip['kind'], ComponentType<{ readonly size?: number }>>> = {
  'site': IconBuildingSkyscraper,
  'semi-sync': IconTransfer,
  'downtime': IconClockPause,
  'maintenance': IconTool,
  'errant': IconAlertTriangle,
  'promotion': IconStar,
  'delay': IconHourglass,
  'filters': IconFilter,
  'detached': IconLinkOff,
  'log': IconFileOff,
  'channels': IconRoute,
  'tag': IconTag,
  'pool': IconStack2,
  'address': IconAt,
}

export function ChipRow({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const chips = chipsOf(server, useNameOf()(server.key), t)
  const max = chipsThatFit(chips.map(({ text }) => text))
  const shown = chips.slice(0, max)
  return (
    <div className="card-line chips">
      {shown.map(chip => {
        const Icon = chip.kind === 'promotion' && server.promotionRule === 'must_not' ? IconBan : chipIcons[chip.kind]
        return (
          <span key={chip.kind + chip.text} className={`chip chip-${chip.kind}`} title={chip.text}>
            <Icon size={12} aria-hidden />
            <span>{chip.text}</span>
          </span>
        )
      })}
      {chips.length > max ? (
        <span
          className="chip"
          title={chips
            .slice(max)
            .map(chip => chip.text)
            .join(', ')}
        >
          +{chips.length - max}
        </span>
      ) : null}
    </div>
  )
}
