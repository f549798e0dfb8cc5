// Comparing two JSON models path by path.

/**
 * Where two results of `config` differ, as `{ path, ours, theirs }`; `undefined` is what is not there. A result is
 * `{ refused: true }` or `{ model }`; two verdicts differ at the path `verdict`.
 */
export function differences(theirs, ours) {
  if (theirs.refused !== ours.refused) return [{ path: 'verdict', theirs: verdict(theirs), ours: verdict(ours) }]
  return theirs.refused ? [] : [...inValue(theirs.model, ours.model, [])]
}

function verdict({ refused }) {
  return refused ? 'refused' : 'accepted'
}

function* inValue(theirs, ours, path) {
  if (Object.is(theirs, ours)) return
  const kinds = [kindOf(theirs), kindOf(ours)]
  if (kinds[0] !== kinds[1] || kinds[0] === 'scalar') yield { path: path.join('.'), theirs, ours }
  else for (const key of keysOf(theirs, ours)) yield* inValue(theirs[key], ours[key], [...path, key])
}

function kindOf(value) {
  return Array.isArray(value) ? 'list' : value !== null && typeof value === 'object' ? 'map' : 'scalar'
}

function keysOf(theirs, ours) {
  return [...new Set([...Object.keys(theirs), ...Object.keys(ours)])]
}

/** The listed difference that a found one is an instance of; both patterns may hold `*` for any characters. */
export function listedDifference(listed, name, { path }) {
  return listed.find((each) => matches(each.case, name) && matches(each.path, path))
}

function matches(pattern, text) {
  const literal = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`, 's').test(text)
}
