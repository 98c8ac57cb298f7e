/** The file at the root of an IAM folder, which makes a folder one; every other YAML file under it is a manifest or a document. */
export const PROJECT_FILE = 'iam-sync.yaml'
