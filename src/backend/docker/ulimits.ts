type Ulimits = Record<string, number | { soft: number; hard: number }>

/** Converts ulimits to the engine's format, sorted by name. */
export function ulimitsOf(ulimits: Ulimits): { Name: string; Soft: number; Hard: number }[] {
  return Object.keys(ulimits)
    .sort()
    .map((name) => {
      const limit = ulimits[name] ?? 0
      return typeof limit === 'number'
        ? { Name: name, Soft: limit, Hard: limit }
        : { Name: name, Soft: Number(limit.soft), Hard: Number(limit.hard) }
    })
}
