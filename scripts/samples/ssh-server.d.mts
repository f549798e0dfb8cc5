export function withSshServer<T>(
  options: { endpoint: { host: string; from: string }; env?: Record<string, string> },
  body: (env: { DOCKER_HOST: string; PATH: string }) => Promise<T>,
): Promise<T>
