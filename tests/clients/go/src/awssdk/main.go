// AWS's SDK for Go, version 2: each order is one call of it.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"orders"
)

func main() { orders.Serve(call, refused) }

func call(order orders.Order) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	client := s3.New(s3.Options{
		Region:           order.Region,
		EndpointResolver: s3.EndpointResolverFromURL(order.Endpoint),
		UsePathStyle:     order.PathStyle,
		Credentials:      credentials.NewStaticCredentialsProvider(order.SecretID, order.SecretKey, order.Token),
		HTTPClient:       orders.Client(order),
		Retryer:          retry.AddWithMaxAttempts(retry.NewStandard(), 1),
	})
	bucket, key := aws.String(order.Bucket), aws.String(order.Key)
	switch order.Call {
	case "put":
		_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: bytes.NewReader(order.Data)})
		return nil, err
	case "multipart":
		uploader := manager.NewUploader(client, func(u *manager.Uploader) { u.PartSize = order.Part })
		_, err := uploader.Upload(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: bytes.NewReader(order.Data)})
		return nil, err
	case "get", "range":
		input := &s3.GetObjectInput{Bucket: bucket, Key: key}
		if order.Call == "range" {
			input.Range = aws.String(fmt.Sprintf("bytes=%d-%d", order.First, order.Last))
		}
		answer, err := client.GetObject(ctx, input)
		if err != nil {
			return nil, err
		}
		defer answer.Body.Close()
		return io.ReadAll(answer.Body)
	case "list":
		answer, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket, Prefix: aws.String(order.Prefix)})
		if err != nil {
			return nil, err
		}
		keys := []string{}
		for _, row := range answer.Contents {
			keys = append(keys, *row.Key)
		}
		return keys, nil
	case "delete":
		_, err := client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: key})
		return nil, err
	case "presigned":
		signed, err := s3.NewPresignClient(client).PresignGetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key})
		if err != nil {
			return nil, err
		}
		return signed.URL, nil
	}
	return nil, fmt.Errorf("no call named %s", order.Call)
}

func refused(err error) *orders.Refused {
	var response *smithyhttp.ResponseError
	var api smithy.APIError
	if !errors.As(err, &response) || !errors.As(err, &api) {
		return nil
	}
	return &orders.Refused{
		Status:  response.HTTPStatusCode(),
		Code:    api.ErrorCode(),
		Message: api.ErrorMessage(),
		Header:  response.Response.Header.Get("X-Cos-Diagnosis"),
	}
}
