"""Import of what ``aws ... describe-*`` returns: one account's folder, several, or single files."""

from archtui.formats.aws.importer import ImportResult, Unsupported, import_aws, known_keys, recognises

__all__ = ["ImportResult", "Unsupported", "import_aws", "known_keys", "recognises"]
