package dev.retrain.backbone.guard;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The ops that may run: they compute values from their inputs, and do nothing else. An op is added
 * only if it has no state, reads and writes nothing, draws no random numbers and always ends.
 */
final class AllowedOps {
  private static final String VALUES =
      "Const Placeholder PlaceholderWithDefault Identity IdentityN NoOp Snapshot StopGradient"
          + " PreventGradient CheckNumerics CheckNumericsV2 EnsureShape ZerosLike OnesLike Fill"
          + " Range LinSpace Bitcast Cast GuaranteeConst";

  private static final String ARITHMETIC =
      "Abs Acos Acosh Add AddN AddV2 Asin Asinh Atan Atan2 Atanh BatchMatMul BatchMatMulV2"
          + " BatchMatMulV3 Ceil ClipByValue Cos Cosh Cross Cumprod Cumsum CumulativeLogsumexp"
          + " Digamma Div DivNoNan Einsum Erf Erfc Erfinv Exp Expm1 Floor FloorDiv FloorMod Inv"
          + " Lgamma Log Log1p MatMul Maximum Minimum Mod Mul MulNoNan Ndtri Neg Pow RealDiv"
          + " Reciprocal Rint Round Rsqrt Sign Sin Sinh Sqrt Square SquaredDifference Sub Tan Tanh"
          + " TruncateDiv TruncateMod Xdivy Xlog1py Xlogy Angle Complex ComplexAbs Conj Imag Real"
          + " FFT FFT2D IFFT IFFT2D RFFT RFFT2D IRFFT IRFFT2D BitwiseAnd BitwiseOr BitwiseXor"
          + " Invert LeftShift RightShift";

  private static final String COMPARISONS =
      "ApproximateEqual Equal Greater GreaterEqual IsFinite IsInf IsNan Less LessEqual LogicalAnd"
          + " LogicalNot LogicalOr NotEqual Select SelectV2 Where";

  private static final String REDUCTIONS =
      "All Any ArgMax ArgMin EuclideanNorm L2Loss Max Mean Min Prod Sum TopK TopKV2";

  private static final String SHAPES =
      "BatchToSpace BatchToSpaceND BroadcastArgs BroadcastTo Concat ConcatOffset ConcatV2"
          + " ConjugateTranspose DepthToSpace Diag DiagPart ExpandDims Gather GatherNd GatherV2"
          + " InvertPermutation ListDiff MatrixBandPart MatrixDiag MatrixDiagPart MatrixSetDiag"
          + " MirrorPad OneHot Pack Pad PadV2 Rank Reshape Reverse ReverseSequence ReverseV2 Roll"
          + " ScatterNd Shape ShapeN Size Slice SpaceToBatch SpaceToBatchND SpaceToDepth Split"
          + " SplitV Squeeze StridedSlice TensorScatterAdd TensorScatterUpdate"
          + " TensorStridedSliceUpdate Tile Transpose Unique UniqueV2 Unpack";

  private static final String NETWORKS =
      "AvgPool AvgPool3D BatchNormWithGlobalNormalization BiasAdd BiasAddV1 Conv2D"
          + " Conv2DBackpropInput Conv3D Conv3DBackpropInputV2 DepthwiseConv2dNative Dilation2D Elu"
          + " FakeQuantWithMinMaxArgs FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsPerChannel"
          + " FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 FusedPadConv2D"
          + " FusedResizeAndPadConv2D LRN LeakyRelu LogSoftmax MaxPool MaxPool3D MaxPoolV2"
          + " MaxPoolWithArgmax QuantizeAndDequantizeV2 QuantizeAndDequantizeV3"
          + " QuantizeAndDequantizeV4 QuantizeV2 Dequantize Relu Relu6 Selu Sigmoid Softmax"
          + " Softplus Softsign";

  private static final String IMAGES =
      "AdjustContrastv2 AdjustHue AdjustSaturation CropAndResize DecodeAndCropJpeg DecodeBmp"
          + " DecodeGif DecodeImage DecodeJpeg DecodePng DecodeRaw ExtractImagePatches"
          + " ExtractJpegShape HSVToRGB ImageProjectiveTransformV2 ImageProjectiveTransformV3"
          + " RGBToHSV ResizeArea ResizeBicubic ResizeBilinear ResizeNearestNeighbor"
          + " ScaleAndTranslate";

  /** Lists of tensors, which loops read and write; a write makes a new list. */
  private static final String LISTS =
      "TensorListFromTensor TensorListGetItem TensorListLength TensorListReserve TensorListSetItem"
          + " TensorListStack";

  /** Branches and calls; {@link LoopCheck} decides on loops. */
  private static final String CONTROL_FLOW =
      "Case If Merge PartitionedCall StatefulPartitionedCall StatelessCase StatelessIf Switch";

  private static final Set<String> ALL =
      Set.of(
          String.join(
                  " ",
                  VALUES,
                  ARITHMETIC,
                  COMPARISONS,
                  REDUCTIONS,
                  SHAPES,
                  NETWORKS,
                  IMAGES,
                  LISTS,
                  CONTROL_FLOW)
              .split(" "));

  private static final Pattern LOOP =
      Pattern.compile("(Stateless)?While|For|(Ref)?(Enter|Exit|NextIteration)|LoopCond");

  private static final Set<String> VARIABLES =
      Set.of(
          "AutoReloadVariable",
          "ReadVariableOp",
          "ResourceGather",
          "ResourceGatherNd",
          "VarHandleOp",
          "Variable",
          "VariableV2");

  private static final Pattern STATE =
      Pattern.compile(".*Variable.*|VarIsInitializedOp|.*HashTable.*|LookupTable.*|Assign.*");

  private static final Pattern RANDOM =
      Pattern.compile(".*Random.*|TruncatedNormal|Multinomial|.*TruncatedNormal.*");

  private static final Pattern FILE =
      Pattern.compile(
          "ReadFile|WriteFile|MatchingFiles|(Sharded)?(Save|Restore).*|MergeV2Checkpoints"
              + "|.*Reader.*|ImmutableConst|.*Dataset.*|.*SummaryWriter.*");

  private AllowedOps() {}

  /** Whether an op may run. */
  static boolean contains(String op) {
    return ALL.contains(op);
  }

  /**
   * Whether an op is a variable or reads one, which TensorFlow's freezing replaces by a constant.
   */
  static boolean isVariable(String op) {
    return VARIABLES.contains(op);
  }

  /** All allowed ops, sorted. */
  static Set<String> all() {
    return new TreeSet<>(ALL);
  }

  /** Why an op may not run, as a verb phrase. */
  static String objection(String op) {
    if (LOOP.matcher(op).matches()) {
      return "is part of a loop, which may never end";
    }
    if (STATE.matcher(op).matches()) {
      return "needs a variable or table, which a network for inference doesn't have";
    }
    if (RANDOM.matcher(op).matches()) {
      return "draws random numbers, so vectors are not reproducible";
    }
    if (FILE.matcher(op).matches()) {
      return "reads or writes files";
    }
    return "is not one of the numeric, shape and image-decoding ops that may run";
  }
}
