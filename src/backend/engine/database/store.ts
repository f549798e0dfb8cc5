import type { Service } from '../../../stack/model.ts'
import { FAMILIES, type FamilyName, isWithin } from './family.ts'

interface Store {
  /** Matches the last part of an image's name, without its tag. */
  images: RegExp
  /** Where the images store their data. */
  homes: readonly string[]
}

/** Servers that family.ts does not cover, according to the Dockerfiles of their images. */
const OTHERS: readonly Store[] = [
  { images: /^mongo(db.*)?$/, homes: ['/data/db', '/bitnami/mongodb'] },
  { images: /^couchdb$/, homes: ['/opt/couchdb/data'] },
  { images: /^influxdb$/, homes: ['/var/lib/influxdb2', '/var/lib/influxdb', '/var/lib/influxdb3'] },
  { images: /^neo4j$/, homes: ['/data'] },
  { images: /^clickhouse(-server)?$/, homes: ['/var/lib/clickhouse'] },
  { images: /^cassandra$/, homes: ['/var/lib/cassandra'] },
  { images: /^elasticsearch$/, homes: ['/usr/share/elasticsearch/data'] },
  { images: /^opensearch$/, homes: ['/usr/share/opensearch/data'] },
  { images: /^mssql/, homes: ['/var/opt/mssql'] },
]

/** Companion images of a server, which store nothing. */
const COMPANIONS =
  /export|admin|backup|restore|rest$|pool|proxy|bouncer|client|express|operator|router|shell|upgrade|migrat|dump|web|ui$/i

/** Where a service's database stores its data, if its image is a database's; the usual place comes first. */
export function dataHomes({ image = '', environment = {}, command, entrypoint }: Service): readonly string[] {
  const [, name = '', tag = ''] = /([^/:@]+)(?::([^/@]*))?(?:@.*)?$/.exec(image) ?? []
  if (name === '' || COMPANIONS.test(name)) return []
  const families = Object.keys(FAMILIES) as FamilyName[]
  const family = families.find((each) => FAMILIES[each].images.test(name))
  if (!family)
    return [command, entrypoint].some(isOwn) ? [] : (OTHERS.find(({ images }) => images.test(name))?.homes ?? [])
  const words = [entrypoint?.[0], command?.[0]].filter((word) => word !== undefined)
  if (!words.every((word) => FAMILIES[family].programs.test(word))) return []
  const own = FAMILIES[family].home && environment[FAMILIES[family].home ?? '']
  const usual = family === 'postgresql' && !(Number.parseInt(tag, 10) >= 18) ? ['/var/lib/postgresql/data'] : []
  return [...(own ? [own] : []), ...usual, ...FAMILIES[family].homes]
}

/** Whether a command line runs a program other than the server: it starts with a path or a name, not with flags. */
function isOwn(words: readonly string[] | null | undefined): boolean {
  const [first = '-'] = words ?? []
  return !first.startsWith('-')
}

/** Whether a service mounts something at one of these places; even tmpfs is a deliberate choice. */
export function isPlaced(service: Service, homes: readonly string[]): boolean {
  const { volumes = [], tmpfs = [], volumes_from = [] } = service
  const mounted = volumes.filter(({ type, source }) => type !== 'volume' || source !== undefined)
  const targets = [...mounted.map(({ target }) => target), ...tmpfs.map((each) => each.split(':')[0] ?? '')]
  const holds = (target: string) => homes.some((home) => isWithin(home, target) || isWithin(target, home))
  return volumes_from.length > 0 || targets.some(holds)
}
