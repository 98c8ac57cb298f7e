import { type Diagnostic, errorOf } from '../../diagnostics/index.ts'

const submodule = (message: string, help: string): Diagnostic =>
  errorOf({ code: 'source.submodule', message, help })

/**
 * @param path of the submodule, relative to the IAM folder
 * @param file one of its manifests
 */
export const manifestInSubmodule = (path: string, file: string): Diagnostic =>
  submodule(
    `\`${path}\` is a git submodule, and \`${file}\` in it is not read: submodules are another repository's`,
    'make it a project of its own, or copy its files into this repository',
  )

export const unknownSubmodule = (path: string): Diagnostic =>
  submodule(
    `\`${path}\` is a git submodule that is not checked out here, so it can't be told whether it holds manifests`,
    `\`git submodule update --init\` brings it; if it holds manifests, make it a project of its own or copy its files; if it never does, let git ignore \`${path}\``,
  )

export const behindSubmodule = (link: string, submodulePath: string): Diagnostic =>
  submodule(
    `the link \`${link}\` leads into the git submodule \`${submodulePath}\`, which is not read`,
    "copy the file into this repository, or make the submodule's a project of its own",
  )
