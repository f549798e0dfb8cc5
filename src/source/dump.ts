import { dump } from 'js-yaml'

/**
 * Plain data as YAML that any YAML 1.1 or 1.2 parser reads back as the same data: strings such as `yes`, `0755` or `1e3`
 * are quoted, lines are never folded, keys keep their order.
 */
export function dumpYaml(value: unknown, indent = 2): string {
  return dump(value, { indent, lineWidth: -1, noRefs: true, quoteStyle: 'double' })
}
