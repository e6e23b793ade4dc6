package dev.retrain.finetune.graph;

import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * A variable that an optimizer updates.
 *
 * @param name its name
 * @param handle the variable
 * @param value its value
 * @param shape its shape
 * @param decayed whether weight decay applies
 * @param distance how far its layer is from the head, which is at 0
 */
record TrainedVariable(
    String name,
    Operand<? extends TType> handle,
    Output<TFloat32> value,
    Shape shape,
    boolean decayed,
    int distance) {}
