package dev.retrain.job.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.retrain.image.Distortion;

/**
 * What vectors depend on besides the files: the same files with equal identities have equal
 * vectors.
 *
 * @param backbone the backbone's identity, the key of its vectors in the cache; null, and absent in
 *     JSON, if the vectors are read from retrain.py's files
 * @param variants number of distorted variants per training image
 * @param distortion the ranges the variants are drawn from; null, and absent in JSON, if there are
 *     none
 */
public record VectorIdentity(
    @JsonInclude(JsonInclude.Include.NON_NULL) String backbone,
    int variants,
    @JsonInclude(JsonInclude.Include.NON_NULL) Distortion distortion) {
  /** Vectors in retrain.py's files. */
  static final VectorIdentity RETRAIN_PY = new VectorIdentity(null, 0, null);
}
