import { Button } from '@mantine/core'
import { IconBook2, IconFileText, IconKeyboard } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { openDialog } from '../../actions/dialogs.ts'
import { apiAddress, pagesPath } from '../../api/address.ts'
import { queries } from '../../api/queries.ts'
import { Facts } from '../../ui/facts.tsx'
import { useTitle } from '../title.ts'
import { helpFile, helpPages } from './help-pages.ts'

/** Which program this is, under which terms, and where to read more: all of it from this node, for networks that are closed. */
export function AboutPage() {
  const { t, i18n } = useTranslation()
  const me = useQuery(queries.me).data
  useTitle(t('about.title'))
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('about.title')}</h1>
        <span className="grow" />
        <Button size="xs" variant="default" leftSection={<IconKeyboard size={15} />} onClick={() => openDialog({ kind: 'keys' })}>
          {t('about.keys')}
        </Button>
      </div>
      <p className="lead">{t('about.says')}</p>
      {isCustomised() ? <p className="notice info">{t('frameMore.customised')}</p> : null}
      <div className="about">
        <section className="fact-card" aria-label={t('about.version')}>
          <Facts
            facts={[
              [t('about.version'), me?.version ?? '–'],
              [t('about.node'), me?.node ?? '–'],
              [t('about.license'), <TextLink key="license" path="license.txt" words="Apache 2.0" />],
            ]}
          />
          <TextLink path="licenses.txt" words={t('about.thirdParty')} />
        </section>
        <section className="fact-card" id="interfaces">
          <h2>{t('about.interfaces')}</h2>
          <ul className="about-links">
            <li>
              <a href={apiAddress('openapi.json')} target="_blank" rel="noopener">
                {t('about.document')}
              </a>
            </li>
            <li>
              <a href={`${pagesPath.replace(/web\/$/, '')}metrics`} target="_blank" rel="noopener">
                {t('about.metrics')}
              </a>
            </li>
          </ul>
        </section>
        <section className="fact-card wide" id="help">
          <h2>{t('about.help')}</h2>
          <p className="dim">{t('about.helpText')}</p>
          <ul className="about-links columns">
            {helpPages.map(name => (
              <li key={name}>
                <IconBook2 size={16} aria-hidden />
                <a href={`${pagesPath}help/${helpFile(name, i18n.language)}`} target="_blank" rel="noopener">
                  {t(`about.docs.${name}`)}
                </a>
              </li>
            ))}
          </ul>
        </section>
        <section className="poster" id="poster" aria-label={t('about.poster')}>
          <strong>{t('about.calm')}</strong>
          <span>{t('about.calmAnd')}</span>
          <strong>{t('about.calmText')}</strong>
        </section>
      </div>
    </div>
  )
}

const TextLink = ({ path, words }: { readonly path: string; readonly words: string }) => (
  <a href={`${pagesPath}${path}`} target="_blank" rel="noopener" className="row tight">
    <IconFileText size={15} aria-hidden />
    {words}
  </a>
)

/** Whoever runs the program loads a style sheet or a script of their own, which the server puts at the end of the page. */
const isCustomised = (): boolean => document.querySelector('link[href="./custom.css"], script[src="./custom.js"]') !== null
