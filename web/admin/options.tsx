import { signs } from '@althing/web-ui/parts.ts'
import { useEffect, useState, type KeyboardEvent } from 'react'

interface Option {
  readonly name: string
  readonly words: string | null
}

interface Props {
  readonly id: string
  readonly label: string
  readonly groups: readonly {
    readonly id: string
    readonly title: string
    readonly options: readonly Option[]
  }[]
  readonly chosen: readonly string[]
  readonly toggle: (name: string) => void
}

/**
 * Several of many, in groups: one stop for Tab, and arrows within (ARIA practices, listbox with more than one choice). Written out here, because that of
 * react-aria-components puts a style into the page, which its policy for content forbids.
 */
export function Options({ id, label, groups, chosen, toggle }: Props) {
  const names = groups.flatMap(({ options }) => options.map(({ name }) => name))
  const [at, setAt] = useState<string | null>(null)
  const active = names.find((name) => name === at) ?? names[0]
  const idOf = (name: string) => `${id}-${name}`
  const press = (event: KeyboardEvent) => {
    const next = stepFrom(event.key, names, active)
    if (next === undefined) return
    event.preventDefault()
    setAt(next)
    if (event.key === ' ' || event.key === 'Enter') toggle(next)
  }
  useEffect(() => {
    if (at !== null) document.getElementById(idOf(at))?.scrollIntoView({ block: 'nearest' })
  }, [at])
  return (
    <div
      className="found options"
      role="listbox"
      aria-label={label}
      aria-multiselectable
      aria-activedescendant={active === undefined ? undefined : idOf(active)}
      tabIndex={0}
      onKeyDown={press}
    >
      {groups.map((group) => (
        <div key={group.id} role="group" aria-labelledby={`${id}-group-${group.id}`}>
          <p className="options-group" id={`${id}-group-${group.id}`}>
            {group.title}
          </p>
          {group.options.map((one) => (
            <div
              key={one.name}
              id={idOf(one.name)}
              role="option"
              aria-selected={chosen.includes(one.name)}
              className={one.name === active ? 'option option-active' : 'option'}
              onClick={() => {
                setAt(one.name)
                toggle(one.name)
              }}
            >
              <Written {...one} />
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}

function Written({ name, words }: Option) {
  return (
    <>
      <svg className="option-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path fill="currentColor" d={signs.go} />
      </svg>
      <span className="option-words">
        {words !== null && <span>{words} </span>}
        <code className={words === null ? 'wraps' : 'soft small wraps'}>{name}</code>
      </span>
    </>
  )
}

/** Undefined for a key that is not ours. */
function stepFrom(key: string, names: readonly string[], active: string | undefined): string | undefined {
  const place = active === undefined ? -1 : names.indexOf(active)
  if (key === 'ArrowDown') return names[Math.min(place + 1, names.length - 1)]
  if (key === 'ArrowUp') return names[Math.max(place - 1, 0)]
  if (key === 'Home') return names[0]
  if (key === 'End') return names.at(-1)
  return key === ' ' || key === 'Enter' ? active : undefined
}
