// Two linters over the state machine, since neither sees all that the other sees. One line per finding; exit code 1.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const validate = require('asl-validator');
const { getLanguageService } = require('amazon-states-language-service');
const { TextDocument } = require('vscode-languageserver-textdocument');

const path = process.argv[2] ?? 'statemachine/pipeline.asl.json';
const text = readFileSync(path, 'utf8');

function fromValidator() {
  const { errors } = validate(JSON.parse(text));
  return errors.map((error) => `${path}: ${JSON.stringify(error)}`);
}

async function fromLanguageService() {
  // 100.0 and 100 are one number to AWS; the laptop's interpreter wants the first, this linter the second.
  const whole = text.replace(/\b(\d+)\.0\b/g, '$1');
  const document = TextDocument.create(path, 'asl', 1, whole);
  const service = getLanguageService({});
  const diagnostics = await service.doValidation(document, service.parseJSONDocument(document));
  return diagnostics.map(({ range, message }) => `${path}:${range.start.line + 1}: ${message}`);
}

const findings = [...fromValidator(), ...(await fromLanguageService())];
findings.forEach((finding) => console.error(finding));
process.exitCode = findings.length > 0 ? 1 : 0;
