package dev.careloop;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/** Validates every JSON file of one folder by R4 and the definitions of others; exit 1 when there is an error. */
public final class ValidateFolder {

  private ValidateFolder() {}

  /** The folder of what is to be validated, then the folders of definitions. */
  public static void main(String[] arguments) throws IOException {
    FhirContext context = FhirContext.forR4();
    List<Path> definitions = new ArrayList<>();
    for (String folder : Arrays.asList(arguments).subList(1, arguments.length)) {
      definitions.addAll(jsonFiles(Path.of(folder)));
    }
    FhirValidator validator = validator(context, definitions);
    int errors = 0;
    Map<String, Integer> warnings = new TreeMap<>();
    List<Path> files = jsonFiles(Path.of(arguments[0]));
    for (Path file : files) {
      for (var message : validator.validateWithResult(Files.readString(file)).getMessages()) {
        boolean isError = message.getSeverity().ordinal() >= ResultSeverityEnum.ERROR.ordinal();
        if (message.getSeverity() == ResultSeverityEnum.WARNING) {
          warnings.merge(message.getMessage(), 1, Integer::sum);
        }
        if (isError) {
          errors += 1;
          System.out.printf("%s  %s  %s%n", file.getFileName(), message.getLocationString(), message.getMessage());
        }
      }
    }
    warnings.forEach((message, times) -> System.out.printf("warning, %d times: %s%n", times, message));
    System.out.printf("%d resources, %d definitions: %d errors%n", files.size(), definitions.size(), errors);
    System.exit(errors == 0 && !files.isEmpty() ? 0 : 1);
  }

  private static FhirValidator validator(FhirContext context, List<Path> definitions) throws IOException {
    PrePopulatedValidationSupport ours = new PrePopulatedValidationSupport(context);
    for (Path file : definitions) {
      ours.addResource(context.newJsonParser().parseResource(Files.readString(file)));
    }
    // Whether a code of SNOMED CT or LOINC exists cannot be known here.
    UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
    unknown.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
    FhirInstanceValidator module =
        new FhirInstanceValidator(
            new ValidationSupportChain(
                new DefaultProfileValidationSupport(context),
                ours,
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new SnapshotGeneratingValidationSupport(context),
                unknown));
    module.setAnyExtensionsAllowed(true);
    // Claims to meet profiles of guides that are not here: IHE BALP, Da Vinci.
    module.setErrorForUnknownProfiles(false);
    module.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
    return context.newValidator().registerValidatorModule(module);
  }

  private static List<Path> jsonFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }
}
