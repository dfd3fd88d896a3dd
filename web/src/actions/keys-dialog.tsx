import { Kbd, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { usePreference } from '../ui/preferences.ts'
import type { en } from '../words/en.ts'
import { closeDialog } from './dialogs.ts'

const keys: readonly (readonly [readonly string[], Exclude<keyof typeof en.keysHelp, 'title' | 'lettersOff'>])[] = [
  [['←', '→', '↑', '↓'], 'arrows'],
  [['Home'], 'home'],
  [['p'], 'primary'],
  [['n', 'N'], 'problem'],
  [['Enter'], 'enter'],
  [['m'], 'move'],
  [['Shift F10'], 'menu'],
  [['d'], 'downtime'],
  [['r'], 'refresh'],
  [['[', ']'], 'collapse'],
  [['+', '−', '0'], 'zoom'],
  [['t', 'l'], 'view'],
  [['/'], 'filter'],
  [['g c', 'g p', 'g r', 'g s'], 'go'],
  [['.'], 'pause'],
  [['Ctrl K'], 'palette'],
  [['x'], 'choose'],
  [['?'], 'help'],
]

export function KeysDialog() {
  const { t } = useTranslation()
  const areLettersOn = usePreference('letters') === 'on'
  return (
    <Modal opened onClose={closeDialog} size={520} centered title={t('keysHelp.title')} closeButtonProps={{ 'aria-label': t('state.close') }}>
      {areLettersOn ? null : <p className="dim">{t('keysHelp.lettersOff')}</p>}
      <dl className="keys">
        {keys.map(([names, says]) => (
          <div key={says}>
            <dt>
              {names.map(name => (
                <Kbd key={name}>{name}</Kbd>
              ))}
            </dt>
            <dd>{t(`keysHelp.${says}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
