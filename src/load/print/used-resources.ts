import type { Stack } from '../../stack/model.ts'

/** The keys of the top-level resources that active services use. */
export function usedResources({
  services,
}: Pick<Stack, 'services'>): Record<'networks' | 'volumes' | 'secrets' | 'configs', Set<string>> {
  const used = {
    networks: new Set<string>(),
    volumes: new Set<string>(),
    secrets: new Set<string>(),
    configs: new Set<string>(),
  }
  for (const { networks, volumes, secrets, configs, build } of Object.values(services)) {
    for (const name of Object.keys(networks ?? {})) used.networks.add(name)
    for (const { type, source } of volumes ?? [])
      if (type === 'volume' && source !== undefined) used.volumes.add(source)
    for (const { source } of [...(secrets ?? []), ...buildSecrets(build)]) used.secrets.add(source)
    for (const { source } of configs ?? []) used.configs.add(source)
  }
  return used
}

function buildSecrets(build: Stack['services'][string]['build']): { source: string }[] {
  return (build?.secrets as { source: string }[] | undefined) ?? []
}
