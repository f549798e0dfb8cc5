/** A place of the model. */
export interface Found {
  /** Dotted, with indices for the members of lists. */
  path: string
  /** The keys that the pattern's stars matched. */
  keys: string[]
  value: unknown
}

/** Finds everything in plain data that matches a dotted pattern; `*` matches any key of a mapping or index of a list. */
export function found(data: unknown, pattern: string): Found[] {
  return pattern
    .split('.')
    .reduce<Found[]>(
      (places, part) => places.flatMap((place) => below(place, part)),
      [{ path: '', keys: [], value: data }],
    )
}

function below({ path, keys, value }: Found, part: string): Found[] {
  if (typeof value !== 'object' || value === null) return []
  const under = (key: string) => (path === '' ? key : `${path}.${key}`)
  if (part === '*')
    return Object.entries(value).map(([key, each]) => ({ path: under(key), keys: [...keys, key], value: each }))
  const each = (value as Record<string, unknown>)[part]
  return each === undefined ? [] : [{ path: under(part), keys, value: each }]
}
