export function installPackages(folder: string): void
