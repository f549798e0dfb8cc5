import type { Case } from './cases.ts'

/** The case with as much taken away as it still breaks `broken` without: files, then lines, then characters. */
export function minimal(found: Case, broken: (each: Case) => boolean): Case {
  let smallest = found
  for (const name of Object.keys(found.files)) {
    const { [name]: _, ...files } = smallest.files
    const without = { ...smallest, files }
    if (!smallest.stacks.includes(name) && broken(without)) smallest = without
  }
  for (const separator of ['\n', '']) {
    for (const name of Object.keys(smallest.files)) smallest = shortened(smallest, name, separator, broken)
  }
  return smallest
}

const MOST_TRIES = 1500

function shortened(found: Case, name: string, separator: string, broken: (each: Case) => boolean): Case {
  let parts = (found.files[name] ?? '').split(separator)
  const withParts = (some: readonly string[]) => ({ ...found, files: { ...found.files, [name]: some.join(separator) } })
  let tries = 0
  for (let size = Math.ceil(parts.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < parts.length && tries < MOST_TRIES; tries++) {
      const fewer = [...parts.slice(0, from), ...parts.slice(from + size)]
      if (broken(withParts(fewer))) parts = fewer
      else from += size
    }
  }
  return withParts(parts)
}
