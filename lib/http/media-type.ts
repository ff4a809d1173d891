/** `application/fhir+json; charset=utf-8` read: the type in lower case and its parameters. */
export interface MediaType {
  type: string
  parameters: Readonly<Record<string, string>>
}

export const parseMediaType = (text: string): MediaType => {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim())
  return {
    type: type.toLowerCase(),
    parameters: Object.fromEntries(
      parameters.map((parameter) => {
        const [name = '', value = ''] = parameter.split('=')
        return [name.trim().toLowerCase(), value.trim().replace(/^"|"$/g, '')]
      }),
    ),
  }
}

export const FHIR_JSON_TYPE = 'application/fhir+json'

/** What we write: https://hl7.org/fhir/R4/json.html */
export const FHIR_JSON = `${FHIR_JSON_TYPE}; charset=utf-8`

/** The names under which clients know FHIR's JSON. */
export const JSON_TYPES = [FHIR_JSON_TYPE, 'application/json', 'application/json+fhir', 'text/json', 'json']

export const JSON_PATCH_TYPE = 'application/json-patch+json'

/** A patch is JSON Patch, or Parameters with a FHIRPath Patch. */
export const PATCH_TYPES = [JSON_PATCH_TYPE, ...JSON_TYPES]

export const FORM_TYPES = ['application/x-www-form-urlencoded']

/** https://hl7.org/fhir/R4/http.html#version-parameter */
export const isOurVersion = ({ parameters }: MediaType): boolean =>
  parameters.fhirversion === undefined || /^4\.0(?:\.1)?$/.test(parameters.fhirversion)
