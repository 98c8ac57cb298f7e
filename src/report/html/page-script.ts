/** Principals that are suggested to whoever filters. */
const MOST_SUGGESTED = 50

/**
 * What a page does beyond being read: the filter, which stands in the URL's fragment, and folds that are open on paper. A page is
 * complete without it. It makes no markup: names of the page are compared, never written.
 */
export const PAGE_SCRIPT = `
'use strict'
{
  const form = document.getElementById('filter')
  const entries = [...document.querySelectorAll('[data-who]')]
  if (form !== null) {
    const { principal, service } = form.elements
    const levels = [...form.querySelectorAll('[name=level]')]
    const said = document.getElementById('filter-says')
    const sections = [...document.querySelectorAll('[data-filtered]')]
    // None is like all: nothing that could be shown would be left.
    const all = (list) => list.every(({ checked }) => checked === list[0].checked)

    const suggestions = document.getElementById('principals')
    const options = [...suggestions.children]
    const names = options.map(({ value }) => value.toLowerCase())
    // Of thousands nobody reads a list, and browsers are slow to make it.
    const suggest = (words) =>
      suggestions.replaceChildren(
        ...options.filter((_, number) => words.every((word) => names[number].includes(word))).slice(0, ${MOST_SUGGESTED}),
      )
    const isOf = (found, ranges) =>
      ranges !== '' &&
      ranges.split(' ').some((range) => {
        const [first, last = first] = range.split('-').map(Number)
        for (let number = first; number <= last; number++) if (found.has(number)) return true
        return false
      })

    // What isn't said of an entry is no reason to hide it.
    const shows = (words, only, wanted) => {
      const hasAll = (text) => words.every((word) => text.includes(word))
      const found = new Set(names.flatMap((name, number) => (hasAll(name) ? [number] : [])))
      const isWho = (entry, { who, text }) =>
        words.length === 0 ||
        (text === undefined
          ? who === '' || isOf(found, who)
          : isOf(found, who) || hasAll(entry.textContent.toLowerCase()))
      return (entry) => {
        const { services, levels } = entry.dataset
        return (
          isWho(entry, entry.dataset) &&
          (only === '' || services === '' || services.split(' ').includes(only)) &&
          (wanted === null || levels === '' || levels.split(' ').some((level) => wanted.has(level)))
        )
      }
    }

    const filter = () => {
      const words = principal.value.toLowerCase().split(' ').filter((word) => word !== '')
      const wanted = all(levels) ? null : new Set(levels.flatMap(({ checked, value }) => (checked ? [value] : [])))
      suggest(words)
      const isShown = shows(words, service.value, wanted)
      let count = 0
      for (const entry of entries) {
        entry.hidden = !isShown(entry)
        if (!entry.hidden) count++
      }
      const isOn = words.length > 0 || service.value !== '' || wanted !== null
      said.textContent = isOn
        ? count + ' of ' + entries.length + ' shown; the others are hidden by the filter'
        : entries.length + (entries.length === 1 ? ' entry' : ' entries')
      for (const section of sections) {
        const hidden = section.querySelectorAll('[data-who][hidden]').length
        const note = section.querySelector('.hidden-note')
        note.hidden = hidden === 0
        note.textContent = hidden + ' hidden by the filter'
      }
      return isOn && { principal: principal.value.trim(), service: service.value, level: wanted === null ? '' : [...wanted].join(' ') }
    }

    const keep = (state) => {
      const given = Object.entries(state || {}).filter(([, value]) => value !== '')
      if (given.length > 0) history.replaceState(null, '', '#' + new URLSearchParams(given))
      else if (location.hash.includes('=')) history.replaceState(null, '', '#')
    }

    const read = () => {
      if (!location.hash.includes('=')) return
      const given = new URLSearchParams(location.hash.slice(1))
      principal.value = given.get('principal') || ''
      const asked = given.get('service') || ''
      service.value = [...service.options].some(({ value }) => value === asked) ? asked : ''
      const wanted = (given.get('level') || '').split(' ')
      const isAny = levels.some(({ value }) => wanted.includes(value))
      for (const level of levels) level.checked = !isAny || wanted.includes(level.value)
    }

    form.hidden = false
    form.addEventListener('input', () => keep(filter()))
    form.addEventListener('submit', (event) => event.preventDefault())
    form.querySelector('[type=button]').addEventListener('click', () => {
      form.reset()
      keep(filter())
      principal.focus()
    })
    addEventListener('hashchange', () => {
      read()
      filter()
    })
    read()
    filter()
  }

  // Whoever follows a link to what is folded wants to read it.
  const unfold = () => {
    const fold = document.querySelector(':target > details')
    if (fold !== null) fold.open = true
  }
  addEventListener('hashchange', unfold)
  unfold()

  let opened = []
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details:not([open])')]
    for (const fold of opened) fold.open = true
  })
  addEventListener('afterprint', () => {
    for (const fold of opened) fold.open = false
  })
}
`
