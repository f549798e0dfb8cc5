/** Formats bytes as docker does, with three digits: `1.98MB`. */
export function decimalSize(bytes: number): string {
  return sized(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'], 3)
}

/** Formats bytes in powers of 1024 with four digits, as for memory: `7.629MiB`. */
export function binarySize(bytes: number): string {
  return sized(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'], 4)
}

function sized(bytes: number, base: number, units: readonly string[], digits: number): string {
  let size = bytes
  let unit = 0
  while (size >= base && unit < units.length - 1) {
    size /= base
    unit++
  }
  return `${shortest(Number(size.toPrecision(digits)), digits)}${units[unit]}`
}

/** Go's `%.*g`: uses an exponent if there are more digits before the point than are shown. */
function shortest(size: number, digits: number): string {
  return size < 10 ** digits ? String(size) : size.toExponential().replace(/e\+(\d)$/, 'e+0$1')
}
